package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.internal.logic.Condition;
import io.serverlesscontainers.policy.internal.logic.Operator;
import io.serverlesscontainers.policy.internal.logic.Parameters;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * A constraint that compares two numbers: a loop over two arrays for a whole block.
 *
 * @param <F> the fact
 */
final class NumberComparison<F> implements Constraint<F> {
    private final Operator operator;
    private final Operand<F> left;
    private final Operand<F> right;

    NumberComparison(Condition.Comparison<F> comparison) {
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
        left = new Operand<>(swapped ? comparison.right() : comparison.left());
        right = new Operand<>(swapped ? comparison.left() : comparison.right());
    }

    @Override
    public boolean holds(F fact) {
        double a = left.number.applyAsDouble(fact);
        double b = right.number.applyAsDouble(fact);
        return switch (operator) {
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case EQUAL -> a == b;
            default -> a != b;
        };
    }

    @Override
    public void mark(Block<F> block, long[] signatures, long bit) {
        double[] a = left.column(block);
        double[] b = right.column(block);
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

    /** One side: a column of the block, one number for all rows, or a calculation for each. */
    private static final class Operand<F> {
        private final ToDoubleFunction<F> number;
        private double[] own;

        Operand(ToDoubleFunction<F> number) {
            this.number = number;
        }

        double[] column(Block<F> block) {
            double[] column = block.column(number);
            if (column != null) {
                return column;
            }
            if (own == null) {
                own = new double[Block.ROWS];
            }
            if (number instanceof Parameters.Number<F> parameter) {
                Arrays.fill(own, 0, block.size(), parameter.now());
            } else {
                for (int row = 0; row < block.size(); row++) {
                    own[row] = number.applyAsDouble(block.fact(row));
                }
            }
            return own;
        }
    }
}
