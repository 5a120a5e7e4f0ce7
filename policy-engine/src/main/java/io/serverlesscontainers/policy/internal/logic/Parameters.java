package io.serverlesscontainers.policy.internal.logic;

import java.util.function.ToDoubleFunction;

/**
 * The numbers that {@linkplain Logic#lift lifted} conditions read at each evaluation, so that a threshold may change
 * while everything that was made of the condition stays. For one thread at a time, the one that evaluates.
 */
public final class Parameters {
    private double[] numbers = {};

    /** Replaces all numbers; the array must not be changed afterwards. */
    public void set(double[] all) {
        numbers = all;
    }

    double get(int slot) {
        return numbers[slot];
    }

    /** A number that is read anew for each fact. */
    <F> ToDoubleFunction<F> at(int slot) {
        return new Number<>(this, slot);
    }

    /**
     * Reads one of the numbers, whatever the fact. A record, so that the JVM takes what it is made of for constant.
     *
     * @param parameters where the number is
     * @param slot which one
     * @param <F> the fact
     */
    private record Number<F>(Parameters parameters, int slot) implements ToDoubleFunction<F> {
        @Override
        public double applyAsDouble(F fact) {
            return parameters.get(slot);
        }
    }
}
