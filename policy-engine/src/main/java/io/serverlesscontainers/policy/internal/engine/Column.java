package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.internal.logic.FactCondition.Calculation;
import io.serverlesscontainers.policy.internal.logic.Parameters;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * A number of each fact of a block: a column of the block itself, one number for all, a calculation with other columns, or
 * whatever a function says of fact after fact.
 *
 * @param <F> the facts
 */
final class Column<F> {
    private final ToDoubleFunction<F> number;
    private final Column<F> left;
    private final Column<F> right;
    private double[] own;

    Column(ToDoubleFunction<F> number) {
        this.number = number;
        Calculation<F> calculation = number instanceof Calculation<F> it ? it : null;
        left = calculation == null ? null : new Column<>(calculation.left());
        right = calculation == null ? null : new Column<>(calculation.right());
    }

    /** The number of one fact. */
    double of(F fact) {
        return number.applyAsDouble(fact);
    }

    /** The numbers of all facts of a block, valid until the next call. */
    double[] of(Block<F> block) {
        double[] column = block.column(number);
        if (column != null) {
            return column;
        }
        if (own == null) {
            own = new double[Block.ROWS];
        }
        if (number instanceof Parameters.Number<F> parameter) {
            Arrays.fill(own, 0, block.size(), parameter.now());
        } else if (number instanceof Calculation<F> calculation) {
            calculate(calculation, left.of(block), right.of(block), block.size());
        } else {
            for (int row = 0; row < block.size(); row++) {
                own[row] = number.applyAsDouble(block.fact(row));
            }
        }
        return own;
    }

    private void calculate(Calculation<F> calculation, double[] a, double[] b, int rows) {
        switch (calculation.operator()) {
            case ADD -> add(a, b, own, rows);
            case SUBTRACT -> subtract(a, b, own, rows);
            case MULTIPLY -> multiply(a, b, own, rows);
            case MAX -> max(a, b, own, rows);
            case MIN -> min(a, b, own, rows);
            default ->
                throw new IllegalStateException("'" + calculation.operator().symbol() + "' has no loop");
        }
    }

    private static void add(double[] a, double[] b, double[] result, int rows) {
        for (int row = 0; row < rows; row++) {
            result[row] = a[row] + b[row];
        }
    }

    private static void subtract(double[] a, double[] b, double[] result, int rows) {
        for (int row = 0; row < rows; row++) {
            result[row] = a[row] - b[row];
        }
    }

    private static void multiply(double[] a, double[] b, double[] result, int rows) {
        for (int row = 0; row < rows; row++) {
            result[row] = a[row] * b[row];
        }
    }

    private static void max(double[] a, double[] b, double[] result, int rows) {
        for (int row = 0; row < rows; row++) {
            result[row] = Math.max(a[row], b[row]);
        }
    }

    private static void min(double[] a, double[] b, double[] result, int rows) {
        for (int row = 0; row < rows; row++) {
            result[row] = Math.min(a[row], b[row]);
        }
    }
}
