package io.serverlesscontainers.policy.internal.engine;

import java.util.function.Predicate;

/**
 * A constraint of which nothing is known but how to ask it.
 *
 * @param <F> the fact
 */
final class FactTest<F> implements Constraint<F> {
    private final Predicate<F> test;

    FactTest(Predicate<F> test) {
        this.test = test;
    }

    @Override
    public boolean holds(F fact) {
        return test.test(fact);
    }

    @Override
    public void mark(Block<F> block, long[] signatures, long bit) {
        int row = 0;
        while (row < block.size()) {
            try {
                for (; row < block.size(); row++) {
                    signatures[row] |= test.test(block.fact(row)) ? bit : 0;
                }
            } catch (RuntimeException noValue) {
                // Whoever asks the rules about this fact is told why.
                block.fail(row++);
            }
        }
    }
}
