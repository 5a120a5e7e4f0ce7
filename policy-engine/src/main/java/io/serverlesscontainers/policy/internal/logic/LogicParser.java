package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads JSON logic: the whole language, as <a href="https://jsonlogic.com">jsonlogic.com</a> and its reference
 * implementation have it.
 *
 * <p>A parser for conditions knows the variables that there are, so that a misspelt one is found when the rule is read
 * and not when it fails to hold. For the same reason it takes no computed variable names, except inside the bodies of
 * {@code map}, {@code filter}, {@code reduce}, {@code all}, {@code none} and {@code some}: there the data is the element,
 * and any name may be one of its fields. {@code missing} may ask for any name anywhere. And it takes no text where only a
 * number makes sense, in a calculation or an order with one, unless the text is a number.
 *
 * <p>Safe for use by many threads.
 */
public final class LogicParser {
    /** How deep expressions may be nested. */
    public static final int DEEPEST = 100;

    /** Of how many operators, operands and pieces of data an expression may consist. */
    public static final int MOST_PARTS = 5_000;

    private static final Set<String> OF_REDUCTION = Set.of("current", "accumulator");

    private final Optional<Set<String>> variables;

    private LogicParser(Optional<Set<String>> variables) {
        this.variables = variables;
    }

    /** A parser for conditions that may read these variables. */
    public LogicParser(Set<String> variables) {
        this(Optional.of(Set.copyOf(variables)));
    }

    /** A parser for expressions over any data. */
    public static LogicParser ofAnyData() {
        return new LogicParser(Optional.empty());
    }

    /**
     * Reads an expression.
     *
     * @param where the expression's place in its document, for messages
     * @throws LogicException if it is none
     */
    public Logic parse(JsonNode expression, JsonPointer where) {
        if (variables.isPresent() && expression.isObject() && expression.size() != 1) {
            throw new LogicException(
                    where, "is " + Shown.of(expression) + ", a value or one operator with its operands is needed");
        }
        return new Reading(variables.isPresent() ? Within.FACT : Within.ELEMENT).parse(expression, where, 1);
    }

    /** What the variables of an expression are looked up in. */
    private enum Within {
        FACT,
        ELEMENT,
        REDUCTION
    }

    /** One expression while it is read. */
    private final class Reading {
        private final Within outermost;
        private Within within;
        private int parts;

        Reading(Within outermost) {
            this.outermost = outermost;
            this.within = outermost;
        }

        Logic parse(JsonNode json, JsonPointer where, int depth) {
            count(where, depth);
            if (json.isArray()) {
                return new Logic.Sequence(parseAll(json, where, depth));
            }
            if (json.isObject() && json.size() == 1) {
                Map.Entry<String, JsonNode> only = json.properties().iterator().next();
                JsonPointer inside = where.appendProperty(only.getKey());
                return only.getKey().equals("var")
                        ? variable(only.getValue(), inside, depth)
                        : operation(only.getKey(), only.getValue(), inside, depth);
            }
            checkData(json, where, depth);
            return new Logic.Literal(JsonValues.of(json));
        }

        private List<Logic> parseAll(JsonNode array, JsonPointer where, int depth) {
            List<Logic> all = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                all.add(parse(array.get(i), where.appendIndex(i), depth + 1));
            }
            return all;
        }

        private void count(JsonPointer where, int depth) {
            if (depth > DEEPEST) {
                throw new LogicException(where, "is nested deeper than " + DEEPEST + " levels");
            }
            if (++parts > MOST_PARTS) {
                throw new LogicException(
                        where, "is one part too many, an expression of at most " + MOST_PARTS + " is needed");
            }
        }

        private Logic operation(String symbol, JsonNode json, JsonPointer where, int depth) {
            Operator operator = Operator.ofSymbol(symbol)
                    .orElseThrow(() -> new LogicException(
                            where,
                            "has the unknown operator '" + Shown.of(symbol) + "', one of " + Operator.ALL_SYMBOLS
                                    + " is needed"));
            // A single operand may stand without its brackets.
            int count = json.isArray() ? json.size() : 1;
            if (!operator.takes(count)) {
                throw new LogicException(where, "has " + count + " operands, " + operator.arity() + " needed");
            }
            List<Logic> operands = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Within outside = within;
                if (i == 1 && operator.hasBody()) {
                    within = operator == Operator.REDUCE ? Within.REDUCTION : Within.ELEMENT;
                }
                operands.add(
                        json.isArray()
                                ? parse(json.get(i), where.appendIndex(i), depth + 1)
                                : parse(json, where, depth + 1));
                within = outside;
            }
            if (variables.isPresent()) {
                requireNumbers(operator, operands, json, where);
            }
            return new Logic.Operation(operator, operands);
        }

        /** Nothing that is calculated of, or ordered against, a text that is no number can ever hold. */
        private void requireNumbers(Operator operator, List<Logic> operands, JsonNode json, JsonPointer where) {
            if (operator.calculates() || operator.orders() && operands.stream().anyMatch(this::isNumber)) {
                for (int i = 0; i < operands.size(); i++) {
                    if (operands.get(i) instanceof Logic.Literal literal
                            && literal.value() instanceof String text
                            && Double.isNaN(operator.number(text))) {
                        throw new LogicException(
                                json.isArray() ? where.appendIndex(i) : where,
                                "is '" + Shown.of(text) + "', a number is needed");
                    }
                }
            }
        }

        private boolean isNumber(Logic logic) {
            if (logic instanceof Logic.Variable variable) {
                return within == Within.FACT
                        && variable.name()
                                .filter(variables.orElseThrow()::contains)
                                .isPresent();
            }
            return logic instanceof Logic.Literal literal && literal.value() instanceof Double
                    || logic instanceof Logic.Operation operation
                            && operation.operator().calculates();
        }

        private Logic variable(JsonNode json, JsonPointer where, int depth) {
            int count = json.isArray() ? json.size() : 1;
            if (count > 2) {
                throw new LogicException(where, "has " + count + " operands, a name and a default are allowed");
            }
            if (count == 0) {
                return known("", json, where, Optional.empty());
            }
            JsonNode path = json.isArray() ? json.get(0) : json;
            Optional<Logic> otherwise =
                    count == 2 ? Optional.of(parse(json.get(1), where.appendIndex(1), depth + 1)) : Optional.empty();
            if (path.isContainerNode()) {
                JsonPointer inside = json.isArray() ? where.appendIndex(0) : where;
                if (within == Within.FACT) {
                    throw unknown(path, inside);
                }
                return new Logic.Variable(parse(path, inside, depth + 1), otherwise);
            }
            checkData(path, where, depth);
            Object name = JsonValues.of(path);
            String text = name == null ? "" : Coercion.text(name, Scope.over(null));
            return known(text, path, where, otherwise);
        }

        private Logic known(String name, JsonNode found, JsonPointer where, Optional<Logic> otherwise) {
            boolean fits = switch (within) {
                case FACT -> variables.orElseThrow().contains(name);
                case REDUCTION -> outermost == Within.ELEMENT || name.isEmpty() || OF_REDUCTION.contains(rootOf(name));
                case ELEMENT -> true;
            };
            if (!fits) {
                throw unknown(found, where);
            }
            return new Logic.Variable(new Logic.Literal(name), otherwise);
        }

        private LogicException unknown(JsonNode found, JsonPointer where) {
            Set<String> known = within == Within.FACT ? variables.orElseThrow() : OF_REDUCTION;
            return new LogicException(
                    where,
                    "is the unknown variable " + Shown.of(found) + ", one of " + String.join(", ", new TreeSet<>(known))
                            + " is needed");
        }

        /** Refuses what is no JSON, and an object that looks like two operators at once. */
        private void checkData(JsonNode json, JsonPointer where, int depth) {
            if (json.isNumber() && !Double.isFinite(json.doubleValue())) {
                throw new LogicException(where, "is " + Shown.of(json) + ", a finite number is needed");
            }
            if (!json.isContainerNode()) {
                if (!json.isValueNode() || json.isPojo() || json.isBinary()) {
                    throw new LogicException(where, "is " + Shown.of(json) + ", plain JSON is needed");
                }
                return;
            }
            if (json.isArray()) {
                for (int i = 0; i < json.size(); i++) {
                    checkInside(json.get(i), where.appendIndex(i), depth + 1);
                }
                return;
            }
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                JsonPointer inside = where.appendProperty(field.getKey());
                if (variables.isPresent() && json.size() > 1 && isOperator(field.getKey())) {
                    throw new LogicException(
                            where, "is " + Shown.of(json) + ", a value or one operator with its operands is needed");
                }
                checkInside(field.getValue(), inside, depth + 1);
            }
        }

        private void checkInside(JsonNode json, JsonPointer where, int depth) {
            count(where, depth);
            checkData(json, where, depth);
        }
    }

    private static boolean isOperator(String key) {
        return key.equals("var") || Operator.ofSymbol(key).isPresent();
    }

    private static String rootOf(String path) {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
    }
}
