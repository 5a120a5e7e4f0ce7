package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.function.DoubleBinaryOperator;

/** What the operators on single values do. Operands are evaluated from left to right. */
final class Operations {
    private Operations() {}

    /** A comparison of two values. */
    interface Comparison {
        boolean holds(Object left, Object right, Scope scope);
    }

    /** A comparison of neighbours, which must hold for each pair of them. */
    static Operator.Meaning comparing(Comparison comparison) {
        return (operands, scope) -> {
            Object left = operands.get(0).value(scope);
            Object right = operands.get(1).value(scope);
            if (operands.size() == 2) {
                return comparison.holds(left, right, scope);
            }
            Object rightmost = operands.get(2).value(scope);
            return comparison.holds(left, right, scope) && comparison.holds(right, rightmost, scope);
        };
    }

    static Object firstThatHolds(List<Logic> operands, Scope scope) {
        int last = operands.size() - 1;
        for (int i = 0; i < last; i += 2) {
            if (Coercion.isTrue(operands.get(i).value(scope))) {
                return operands.get(i + 1).value(scope);
            }
        }
        return last % 2 == 0 ? operands.get(last).value(scope) : null;
    }

    static Object firstWhere(boolean wanted, List<Logic> operands, Scope scope) {
        Object value = null;
        for (Logic operand : operands) {
            value = operand.value(scope);
            if (Coercion.isTrue(value) == wanted) {
                break;
            }
        }
        return value;
    }

    static boolean isTrue(List<Logic> operands, Scope scope) {
        return !operands.isEmpty() && Coercion.isTrue(operands.get(0).value(scope));
    }

    static double sum(List<Logic> operands, Scope scope) {
        double sum = 0;
        for (Logic operand : operands) {
            sum += Coercion.leadingNumber(operand.value(scope), scope);
        }
        return sum;
    }

    static Object product(List<Logic> operands, Scope scope) {
        if (operands.size() == 1) {
            return operands.get(0).value(scope);
        }
        double product = 1;
        for (Logic operand : operands) {
            product *= Coercion.leadingNumber(operand.value(scope), scope);
        }
        return product;
    }

    static double difference(List<Logic> operands, Scope scope) {
        return operands.size() == 1
                ? -number(operands, 0, scope)
                : number(operands, 0, scope) - number(operands, 1, scope);
    }

    static double quotient(List<Logic> operands, Scope scope) {
        return quotient(number(operands, 0, scope), number(operands, 1, scope));
    }

    static double quotient(double dividend, double divisor) {
        if (divisor == 0) {
            throw new EvaluationException("division by zero");
        }
        return dividend / divisor;
    }

    static double remainder(List<Logic> operands, Scope scope) {
        return remainder(number(operands, 0, scope), number(operands, 1, scope));
    }

    static double remainder(double dividend, double divisor) {
        if (divisor == 0) {
            throw new EvaluationException("division by zero");
        }
        return dividend % divisor;
    }

    static double extreme(DoubleBinaryOperator moreExtreme, List<Logic> operands, Scope scope) {
        double extreme = number(operands, 0, scope);
        for (int i = 1; i < operands.size(); i++) {
            extreme = moreExtreme.applyAsDouble(extreme, number(operands, i, scope));
        }
        return extreme;
    }

    static String concatenation(List<Logic> operands, Scope scope) {
        var text = new StringBuilder();
        for (Logic operand : operands) {
            Object value = operand.value(scope);
            if (value != null) {
                String part = Coercion.text(value, scope);
                scope.spend(part.length());
                text.append(part);
            }
        }
        return text.toString();
    }

    static String part(List<Logic> operands, Scope scope) {
        String text = Coercion.text(operands.get(0).value(scope), scope);
        // The cast cuts the fraction off, and makes not-a-number 0.
        long start = (long) number(operands, 1, scope);
        Object length = operands.size() == 3 ? operands.get(2).value(scope) : Double.POSITIVE_INFINITY;
        double wanted = Coercion.number(length, scope);
        scope.spend(text.length());
        int from = (int) (start < 0 ? Math.max(text.length() + start, 0) : Math.min(start, text.length()));
        int available = text.length() - from;
        int taken = (int) (wanted < 0 ? Math.max(available + wanted, 0) : Math.min(wanted, available));
        return text.substring(from, from + taken);
    }

    private static double number(List<Logic> operands, int index, Scope scope) {
        return Coercion.number(operands.get(index).value(scope), scope);
    }
}
