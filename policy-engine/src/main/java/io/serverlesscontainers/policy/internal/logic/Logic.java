package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A JSON-logic expression as a tree. Every value is a number; true is 1 and false is 0, as JSON logic converts them.
 * Immutable. The text form is canonical JSON: two expressions are equal exactly if their texts are.
 */
public sealed interface Logic {
    /**
     * The expression as a function of a fact.
     *
     * @param variables how to read each variable from a fact
     * @throws IllegalArgumentException if the expression has a variable that is not among them
     */
    <F> ToDoubleFunction<F> bind(Map<String, ToDoubleFunction<F>> variables);

    /** Whether there are facts for which the function throws. */
    boolean mayFail();

    /** What JSON logic takes for true: any number but 0 and not-a-number. */
    static boolean isTrue(double value) {
        return value != 0 && !Double.isNaN(value);
    }

    /** The expressions that must all be true for this one to be true: the operands of {@code and}, or itself. */
    default List<Logic> conjuncts() {
        return List.of(this);
    }

    /**
     * A number, or a truth value.
     *
     * @param value finite
     */
    record Literal(double value) implements Logic {
        /** Makes the two zeros one, which compare as equal but are written differently. */
        public Literal {
            value = value == 0 ? 0 : value;
        }

        @Override
        public <F> ToDoubleFunction<F> bind(Map<String, ToDoubleFunction<F>> variables) {
            return fact -> value;
        }

        @Override
        public boolean mayFail() {
            return false;
        }

        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    /**
     * Something that is read from the fact.
     *
     * @param name its path, as in {@code cpu.limits.cpu.upper}
     */
    record Variable(String name) implements Logic {
        /** Refuses a missing name. */
        public Variable {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public <F> ToDoubleFunction<F> bind(Map<String, ToDoubleFunction<F>> variables) {
            ToDoubleFunction<F> reader = variables.get(name);
            if (reader == null) {
                throw new IllegalArgumentException("there is no variable '" + name + "'");
            }
            return reader;
        }

        @Override
        public boolean mayFail() {
            return false;
        }

        @Override
        public String toString() {
            return "{\"var\":\"" + name + "\"}";
        }
    }

    /**
     * An operator and what it is applied to.
     *
     * @param operator what it does
     * @param operands as many as the operator takes
     */
    record Operation(Operator operator, List<Logic> operands) implements Logic {
        /** Copies the list, and refuses a number of operands that the operator does not take. */
        public Operation {
            Objects.requireNonNull(operator, "operator");
            operands = List.copyOf(operands);
            if (!operator.takes(operands.size())) {
                throw new IllegalArgumentException("'" + operator.symbol() + "' has " + operands.size() + " operands, "
                        + operator.arity() + " needed");
            }
        }

        @Override
        public <F> ToDoubleFunction<F> bind(Map<String, ToDoubleFunction<F>> variables) {
            return operator.function(
                    operands.stream().map(operand -> operand.bind(variables)).toList());
        }

        @Override
        public boolean mayFail() {
            return operator.mayFail() || operands.stream().anyMatch(Logic::mayFail);
        }

        @Override
        public List<Logic> conjuncts() {
            return operator == Operator.AND ? operands : List.of(this);
        }

        @Override
        public String toString() {
            return operands.stream()
                    .map(Logic::toString)
                    .collect(Collectors.joining(",", "{\"" + operator.symbol() + "\":[", "]}"));
        }
    }
}
