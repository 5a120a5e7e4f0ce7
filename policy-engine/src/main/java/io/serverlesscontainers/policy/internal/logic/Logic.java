package io.serverlesscontainers.policy.internal.logic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A JSON-logic expression as a tree. Immutable; evaluating it changes nothing. The text form is canonical JSON: two
 * expressions are equal exactly if their texts are.
 *
 * <p>A value is null, a Boolean, a Double, a String, a List (an array) or a Map (an object), and means what the same
 * value means to ECMAScript, except that the empty array is not true. What differs from the language's reference
 * implementation, <a href="https://github.com/jwadhams/json-logic-js">json-logic-js</a>: to divide by zero is a
 * failure, not infinity, which would make a rule hold for a wrong reason; and so is more work than
 * {@link Scope#MOST_STEPS}.
 */
public sealed interface Logic {
    /** More constraints than this in a row cost Drools more than they save. */
    int MOST_CONJUNCTS = 50;

    /**
     * The value of the expression.
     *
     * @throws EvaluationException if there is none
     */
    Object value(Scope scope);

    /** Whether there may be data for which the expression has no value. */
    boolean mayFail();

    /**
     * The value of the expression for some data.
     *
     * @param data as {@link JsonValues#of} makes it
     * @throws EvaluationException if there is none
     */
    default Object valueFor(Object data) {
        return value(Scope.over(data));
    }

    /**
     * The expression as a condition on a fact whose variables are all numbers. Where the expression computes with
     * nothing but numbers and truth values, so does the condition, and allocates nothing.
     *
     * @param variables how to read each variable from a fact
     * @throws IllegalArgumentException if the expression has a variable that is not among them
     */
    default <F> Predicate<F> bind(Map<String, ToDoubleFunction<F>> variables) {
        return bind(variables, new Parameters()).test();
    }

    /**
     * The same of an expression that may have been {@linkplain #lift lifted}.
     *
     * @param parameters where the condition reads its lifted numbers, at each test
     */
    default <F> FactCondition<F> bind(Map<String, ToDoubleFunction<F>> variables, Parameters parameters) {
        return new Binding<>(variables, parameters).condition(this);
    }

    /** Whether a condition made of it computes with nothing but numbers and truth values. */
    default <F> boolean isNumeric(Map<String, ToDoubleFunction<F>> variables) {
        return new Binding<>(variables, new Parameters()).isNumeric(this);
    }

    /**
     * Takes the numbers out of an expression that {@link #isNumeric}.
     *
     * @param firstSlot where in the parameters the first number is to be; the others follow
     */
    default Lifted lift(int firstSlot) {
        return Lifted.of(this, firstSlot);
    }

    /** The expression as a person reads it, operators between their operands. Different expressions read differently. */
    default String infix() {
        return Infix.of(this);
    }

    /** The names of the variables that are read from the fact itself, in order; the body of a {@code map} reads elements. */
    default Set<String> variablesOfFact() {
        return Set.of();
    }

    /** The expressions that must all be true for this one to be true: the operands of {@code and}, or itself. */
    default List<Logic> conjuncts() {
        return List.of(this);
    }

    /**
     * Data as it stands: null, a number, a truth value, a text, or an object.
     *
     * @param value what {@link JsonValues#of} makes of it
     */
    record Literal(Object value) implements Logic {
        private static final int SHORT_TEXT = 40;

        /** Makes the two zeros one, which compare as equal but are written differently. */
        public Literal {
            value = value instanceof Double number && number == 0 ? (Object) 0.0 : value;
        }

        @Override
        public Object value(Scope scope) {
            return value;
        }

        @Override
        public boolean mayFail() {
            return value instanceof Map || value instanceof String text && text.length() > SHORT_TEXT;
        }

        @Override
        public String toString() {
            return JsonValues.text(value);
        }
    }

    /**
     * The place of a number that was {@linkplain Logic#lift lifted}; evaluated only where {@link Parameters} are given.
     *
     * @param slot where among the parameters it is
     */
    record Parameter(int slot) implements Logic {
        @Override
        public Object value(Scope scope) {
            throw new EvaluationException("has no number in slot " + slot);
        }

        @Override
        public boolean mayFail() {
            return false;
        }

        @Override
        public String toString() {
            return "?" + slot;
        }
    }

    /**
     * An array, whose elements are evaluated.
     *
     * @param elements in order
     */
    record Sequence(List<Logic> elements) implements Logic {
        /** Copies the list. */
        public Sequence {
            elements = List.copyOf(elements);
        }

        @Override
        public Object value(Scope scope) {
            scope.spend(1);
            var values = new ArrayList<>(elements.size());
            for (Logic element : elements) {
                values.add(element.value(scope));
            }
            return Collections.unmodifiableList(values);
        }

        @Override
        public boolean mayFail() {
            return true;
        }

        @Override
        public Set<String> variablesOfFact() {
            var names = new LinkedHashSet<String>();
            elements.forEach(element -> names.addAll(element.variablesOfFact()));
            return names;
        }

        @Override
        public String toString() {
            return elements.stream().map(Logic::toString).collect(Collectors.joining(",", "[", "]"));
        }
    }

    /**
     * Something that is read from the data.
     *
     * @param path where it is, as in {@code cpu.limits.cpu.upper}; mostly a literal, but it may be computed
     * @param otherwise what it is where nothing is there; null if empty
     */
    record Variable(Logic path, Optional<Logic> otherwise) implements Logic {
        /** Refuses missing components. */
        public Variable {
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(otherwise, "otherwise");
        }

        /** Its path, if that is known before there are data. */
        public Optional<String> name() {
            return path instanceof Literal literal && literal.value() instanceof String name
                    ? Optional.of(name)
                    : Optional.empty();
        }

        @Override
        public Object value(Scope scope) {
            scope.spend(1);
            Object found = scope.at(path.value(scope));
            if (found != Scope.ABSENT) {
                return found;
            }
            return otherwise.isPresent() ? otherwise.get().value(scope) : null;
        }

        @Override
        public boolean mayFail() {
            return name().isEmpty() || otherwise.isPresent() && otherwise.get().mayFail();
        }

        @Override
        public Set<String> variablesOfFact() {
            return name().map(Set::of).orElse(Set.of());
        }

        @Override
        public String toString() {
            String single = name().isPresent() ? path.toString() : "[" + path + "]";
            return "{\"var\":"
                    + otherwise.map(it -> "[" + path + "," + it + "]").orElse(single) + "}";
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
        public Object value(Scope scope) {
            scope.spend(1);
            return operator.value(operands, scope);
        }

        @Override
        public boolean mayFail() {
            return operator.mayFail() || operands.stream().anyMatch(Logic::mayFail);
        }

        @Override
        public Set<String> variablesOfFact() {
            var names = new LinkedHashSet<String>();
            for (int i = 0; i < operands.size(); i++) {
                if (i != 1 || !operator.hasBody()) {
                    names.addAll(operands.get(i).variablesOfFact());
                }
            }
            return names;
        }

        @Override
        public List<Logic> conjuncts() {
            return operator == Operator.AND && operands.size() <= MOST_CONJUNCTS ? operands : List.of(this);
        }

        @Override
        public String toString() {
            return operands.stream()
                    .map(Logic::toString)
                    .collect(Collectors.joining(",", "{\"" + operator.symbol() + "\":[", "]}"));
        }
    }
}
