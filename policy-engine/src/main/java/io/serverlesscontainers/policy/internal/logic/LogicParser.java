package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads JSON logic. It knows the variables that there are, so that a misspelt one is found when the rule is read and not
 * when it fails to hold. Safe for use by many threads.
 */
public final class LogicParser {
    /** How deep expressions may be nested. */
    public static final int DEEPEST = 40;

    private static final int LONGEST_SHOWN = 60;
    private static final int LONGEST_NUMBER = 40;

    private final Set<String> variables;

    /** A parser for conditions that may read these variables. */
    public LogicParser(Set<String> variables) {
        this.variables = Set.copyOf(variables);
    }

    /**
     * Reads an expression.
     *
     * @param where the expression's place in its document, for messages
     * @throws LogicException if it is none
     */
    public Logic parse(JsonNode expression, JsonPointer where) {
        return parse(expression, where, 1);
    }

    private Logic parse(JsonNode expression, JsonPointer where, int depth) {
        if (depth > DEEPEST) {
            throw new LogicException(where, "is nested deeper than " + DEEPEST + " levels");
        }
        if (expression.isBoolean()) {
            return new Logic.Literal(expression.booleanValue() ? 1 : 0);
        }
        if (expression.isNumber()) {
            return literal(expression.doubleValue(), expression, where);
        }
        if (expression.isTextual()) {
            return numberInText(expression, where);
        }
        if (!expression.isObject() || expression.size() != 1) {
            throw new LogicException(
                    where, "is " + shown(expression) + ", a number, true, false or {operator: operands} is needed");
        }
        Map.Entry<String, JsonNode> only = expression.properties().iterator().next();
        JsonPointer inside = where.appendProperty(only.getKey());
        return only.getKey().equals("var")
                ? variable(only.getValue(), inside)
                : operation(only.getKey(), only.getValue(), inside, depth);
    }

    private Logic operation(String symbol, JsonNode json, JsonPointer where, int depth) {
        Operator operator = Operator.ofSymbol(symbol)
                .orElseThrow(() -> new LogicException(
                        where,
                        "has the unknown operator '" + cut(symbol) + "', one of " + Operator.ALL + " is needed"));
        // A single operand may stand without its brackets.
        int count = json.isArray() ? json.size() : 1;
        if (!operator.takes(count)) {
            throw new LogicException(where, "has " + count + " operands, " + operator.arity() + " needed");
        }
        List<Logic> operands = new ArrayList<>(count);
        if (json.isArray()) {
            for (int i = 0; i < count; i++) {
                operands.add(parse(json.get(i), where.appendIndex(i), depth + 1));
            }
        } else {
            operands.add(parse(json, where, depth + 1));
        }
        return new Logic.Operation(operator, operands);
    }

    private Logic variable(JsonNode json, JsonPointer where) {
        JsonNode name = json.isArray() && json.size() == 1 ? json.get(0) : json;
        if (!name.isTextual() || !variables.contains(name.textValue())) {
            throw new LogicException(
                    where,
                    "is the unknown variable " + shown(name) + ", one of " + String.join(", ", new TreeSet<>(variables))
                            + " is needed");
        }
        return new Logic.Variable(name.textValue());
    }

    private static Logic numberInText(JsonNode text, JsonPointer where) {
        if (text.textValue().length() <= LONGEST_NUMBER) {
            try {
                return literal(new BigDecimal(text.textValue().strip()).doubleValue(), text, where);
            } catch (NumberFormatException e) {
                // Falls through to the same sentence as a text that is too long.
            }
        }
        throw new LogicException(where, "is the text " + shown(text) + ", which is no number");
    }

    private static Logic literal(double value, JsonNode found, JsonPointer where) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new LogicException(where, "is " + shown(found) + ", a finite number is needed");
        }
        return new Logic.Literal(value);
    }

    private static String shown(JsonNode node) {
        return cut(node.toString());
    }

    private static String cut(String text) {
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN - 1) + "…";
    }
}
