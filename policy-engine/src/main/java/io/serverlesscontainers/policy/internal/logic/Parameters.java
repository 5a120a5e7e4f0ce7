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
    <F> Number<F> at(int slot) {
        return new Number<>(this, slot);
    }

    /**
     * Reads one of the numbers, whatever the fact.
     *
     * @param <F> the fact
     */
    public static final class Number<F> implements ToDoubleFunction<F> {
        private final Parameters parameters;
        private final int slot;

        private Number(Parameters parameters, int slot) {
            this.parameters = parameters;
            this.slot = slot;
        }

        /** The number as it is now. */
        public double now() {
            return parameters.get(slot);
        }

        @Override
        public double applyAsDouble(F fact) {
            return parameters.get(slot);
        }
    }
}
