package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.Map;

/**
 * How values of one type stand for values of another: ECMAScript's rules, and JSON logic's own about what is true.
 *
 * <p>A value is null, a Boolean, a Double, a String, a List (an array) or a Map (an object).
 */
final class Coercion {
    private static final int DEEPEST_TEXT = 100;

    private Coercion() {}

    /** False are null, false, 0, not-a-number, the empty text and the empty array. "0" is true. */
    static boolean isTrue(Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof Double number) {
            return isTrue(number.doubleValue());
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        return value instanceof List<?> elements ? !elements.isEmpty() : value != null;
    }

    /** The same for a number. */
    static boolean isTrue(double number) {
        return number != 0 && !Double.isNaN(number);
    }

    /** The number that a value is as a whole; null is 0, true is 1. */
    static double number(Object value, Scope scope) {
        if (value instanceof Double number) {
            return number;
        }
        if (value instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        if (value == null) {
            return 0;
        }
        String text = text(value, scope);
        scope.spend(text.length());
        return NumberText.whole(text);
    }

    /** The number that a value's text begins with; so that of true and of null is not-a-number. */
    static double leadingNumber(Object value, Scope scope) {
        if (value instanceof Double number) {
            return number;
        }
        String text = text(value, scope);
        scope.spend(text.length());
        return NumberText.leading(text);
    }

    /** The text of a value: of an array the texts of its elements with commas between them. */
    static String text(Object value, Scope scope) {
        if (value instanceof String text) {
            return text;
        }
        var text = new StringBuilder();
        append(value, text, scope, 1);
        return text.toString();
    }

    private static void append(Object value, StringBuilder text, Scope scope, int depth) {
        if (value instanceof List<?> elements) {
            if (depth > DEEPEST_TEXT) {
                throw new EvaluationException(
                        "makes a text of an array that is nested deeper than " + DEEPEST_TEXT + " levels");
            }
            for (int i = 0; i < elements.size(); i++) {
                scope.spend(1);
                if (i > 0) {
                    text.append(',');
                }
                if (elements.get(i) != null) {
                    append(elements.get(i), text, scope, depth + 1);
                }
            }
            return;
        }
        String part = plainText(value);
        scope.spend(part.length());
        text.append(part);
    }

    private static String plainText(Object value) {
        if (value instanceof Double number) {
            return NumberText.of(number);
        }
        return value instanceof Map ? "[object Object]" : String.valueOf(value);
    }

    /** The language's {@code ===}. Arrays and objects are equal to themselves alone. */
    static boolean areSame(Object left, Object right, Scope scope) {
        if (left instanceof Double one && right instanceof Double other) {
            return one.doubleValue() == other.doubleValue();
        }
        if (left instanceof String one && right instanceof String other) {
            scope.spend(Math.min(one.length(), other.length()));
            return one.equals(other);
        }
        return left instanceof Boolean ? left.equals(right) : left == right;
    }

    /** The language's {@code ==}. */
    static boolean areEqual(Object left, Object right, Scope scope) {
        if (left == null || right == null) {
            return left == right;
        }
        if (left instanceof Boolean != right instanceof Boolean) {
            return left instanceof Boolean
                    ? areEqual(number(left, scope), right, scope)
                    : areEqual(left, number(right, scope), scope);
        }
        if (isContainer(left) != isContainer(right)) {
            return areEqual(primitive(left, scope), primitive(right, scope), scope);
        }
        if (left instanceof Double && right instanceof String || left instanceof String && right instanceof Double) {
            return number(left, scope) == number(right, scope);
        }
        return areSame(left, right, scope);
    }

    /** The language's {@code <}: two texts in the order of their characters, all else as numbers. */
    static boolean isLess(Object left, Object right, Scope scope) {
        Object one = primitive(left, scope);
        Object other = primitive(right, scope);
        return one instanceof String && other instanceof String
                ? compareTexts((String) one, (String) other, scope) < 0
                : number(one, scope) < number(other, scope);
    }

    /** The language's {@code <=}; not the opposite of greater, because nothing compares to not-a-number. */
    static boolean isAtMost(Object left, Object right, Scope scope) {
        Object one = primitive(left, scope);
        Object other = primitive(right, scope);
        return one instanceof String && other instanceof String
                ? compareTexts((String) one, (String) other, scope) <= 0
                : number(one, scope) <= number(other, scope);
    }

    private static int compareTexts(String one, String other, Scope scope) {
        scope.spend(Math.min(one.length(), other.length()));
        return one.compareTo(other);
    }

    private static Object primitive(Object value, Scope scope) {
        return isContainer(value) ? text(value, scope) : value;
    }

    private static boolean isContainer(Object value) {
        return value instanceof List || value instanceof Map;
    }
}
