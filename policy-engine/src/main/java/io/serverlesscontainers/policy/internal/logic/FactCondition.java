package io.serverlesscontainers.policy.internal.logic;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * An expression made into a test of facts.
 *
 * @param test whether it is true of a fact; throws {@link EvaluationException} where it has no value
 * @param comparison the same as a comparison of two numbers, if it is no more than that and cannot fail
 * @param <F> the fact
 */
public record FactCondition<F>(Predicate<F> test, Optional<Comparison<F>> comparison) {

    /**
     * Two numbers and how they are compared.
     *
     * @param operator one of {@code < <= > >= == != === !==}, which are the same to two numbers where they differ by an {@code =}
     * @param left how the left number is read from a fact
     * @param right how the right number is read from a fact
     * @param <F> the fact
     */
    public record Comparison<F>(Operator operator, ToDoubleFunction<F> left, ToDoubleFunction<F> right) {}

    /**
     * A number that is computed from two others.
     *
     * @param operator one of {@code + - * max min}
     * @param left how the left number is read from a fact
     * @param right how the right number is read from a fact
     * @param whole the calculation
     * @param <F> the fact
     */
    public record Calculation<F>(
            Operator operator, ToDoubleFunction<F> left, ToDoubleFunction<F> right, ToDoubleFunction<F> whole)
            implements ToDoubleFunction<F> {
        @Override
        public double applyAsDouble(F fact) {
            return whole.applyAsDouble(fact);
        }
    }
}
