package io.serverlesscontainers.policy.internal.engine;

/**
 * One thing that rules ask of a fact. Rules that ask the same share it.
 *
 * @param <F> the fact
 */
public interface Constraint<F> {
    /**
     * Whether it holds for a fact.
     *
     * @throws RuntimeException if it cannot be evaluated for this one
     */
    boolean holds(F fact);

    /**
     * Evaluates it for all facts of a block: sets a bit in the signature of each for which it holds. A row for which it
     * cannot be evaluated is {@linkplain Block#fail failed}.
     */
    void mark(Block<F> block, long[] signatures, long bit);
}
