package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.internal.logic.FactCondition;
import io.serverlesscontainers.policy.internal.logic.Operator;

/**
 * A constraint that compares two numbers: a loop over two arrays for a whole block.
 *
 * @param <F> the fact
 */
final class NumberComparison<F> implements Constraint<F> {
    private final Operator operator;
    private final Column<F> left;
    private final Column<F> right;

    NumberComparison(FactCondition.Comparison<F> comparison) {
        // Four loops are enough: what is greater on the left is less on the right.
        boolean swapped =
                comparison.operator() == Operator.GREATER || comparison.operator() == Operator.GREATER_OR_EQUAL;
        operator = switch (comparison.operator()) {
            case LESS, GREATER -> Operator.LESS;
            case LESS_OR_EQUAL, GREATER_OR_EQUAL -> Operator.LESS_OR_EQUAL;
            case EQUAL, SAME -> Operator.EQUAL;
            case NOT_EQUAL, NOT_SAME -> Operator.NOT_EQUAL;
            default ->
                throw new IllegalArgumentException("'" + comparison.operator().symbol() + "' is no comparison");
        };
        left = new Column<>(swapped ? comparison.right() : comparison.left());
        right = new Column<>(swapped ? comparison.left() : comparison.right());
    }

    @Override
    public boolean holds(F fact) {
        double a = left.of(fact);
        double b = right.of(fact);
        return switch (operator) {
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case EQUAL -> a == b;
            default -> a != b;
        };
    }

    @Override
    public void mark(Block<F> block, long[] signatures, long bit) {
        double[] a = left.of(block);
        double[] b = right.of(block);
        switch (operator) {
            case LESS -> markLess(a, b, block.size(), signatures, bit);
            case LESS_OR_EQUAL -> markLessOrEqual(a, b, block.size(), signatures, bit);
            case EQUAL -> markEqual(a, b, block.size(), signatures, bit);
            default -> markNotEqual(a, b, block.size(), signatures, bit);
        }
    }

    private static void markLess(double[] left, double[] right, int rows, long[] signatures, long bit) {
        for (int row = 0; row < rows; row++) {
            signatures[row] |= left[row] < right[row] ? bit : 0;
        }
    }

    private static void markLessOrEqual(double[] left, double[] right, int rows, long[] signatures, long bit) {
        for (int row = 0; row < rows; row++) {
            signatures[row] |= left[row] <= right[row] ? bit : 0;
        }
    }

    private static void markEqual(double[] left, double[] right, int rows, long[] signatures, long bit) {
        for (int row = 0; row < rows; row++) {
            signatures[row] |= left[row] == right[row] ? bit : 0;
        }
    }

    private static void markNotEqual(double[] left, double[] right, int rows, long[] signatures, long bit) {
        for (int row = 0; row < rows; row++) {
            signatures[row] |= left[row] != right[row] ? bit : 0;
        }
    }
}
