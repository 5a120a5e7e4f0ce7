package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.internal.logic.FactCondition;
import io.serverlesscontainers.policy.internal.logic.Operator;
import java.lang.invoke.MethodHandle;
import java.util.function.ToDoubleFunction;

/**
 * A constraint that compares two numbers.
 *
 * @param operator less, less or equal, equal or not equal
 * @param left how the left number is read from a fact
 * @param right how the right number is read from a fact
 * @param <F> the fact
 */
record NumberComparison<F>(Operator operator, ToDoubleFunction<F> left, ToDoubleFunction<F> right)
        implements Constraint<F> {

    /** What is greater on the left is less on the right. */
    static <F> NumberComparison<F> of(FactCondition.Comparison<F> comparison) {
        ToDoubleFunction<F> left = comparison.left();
        ToDoubleFunction<F> right = comparison.right();
        return switch (comparison.operator()) {
            case LESS -> new NumberComparison<>(Operator.LESS, left, right);
            case GREATER -> new NumberComparison<>(Operator.LESS, right, left);
            case LESS_OR_EQUAL -> new NumberComparison<>(Operator.LESS_OR_EQUAL, left, right);
            case GREATER_OR_EQUAL -> new NumberComparison<>(Operator.LESS_OR_EQUAL, right, left);
            case EQUAL, SAME -> new NumberComparison<>(Operator.EQUAL, left, right);
            case NOT_EQUAL, NOT_SAME -> new NumberComparison<>(Operator.NOT_EQUAL, left, right);
            default ->
                throw new IllegalArgumentException("'" + comparison.operator().symbol() + "' is no comparison");
        };
    }

    @Override
    public boolean holds(F fact) {
        double a = left.applyAsDouble(fact);
        double b = right.applyAsDouble(fact);
        return switch (operator) {
            case LESS -> a < b;
            case LESS_OR_EQUAL -> a <= b;
            case EQUAL -> a == b;
            default -> a != b;
        };
    }

    @Override
    public MethodHandle handle() {
        return Handles.of(operator, left, right);
    }
}
