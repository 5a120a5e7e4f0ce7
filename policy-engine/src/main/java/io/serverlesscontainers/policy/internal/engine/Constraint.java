package io.serverlesscontainers.policy.internal.engine;

import java.lang.invoke.MethodHandle;

/**
 * One thing that rules ask of a fact. Rules that ask the same share it. Immutable, but for numbers that it reads anew each
 * time.
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

    /** {@link #holds} as {@code (Object) -> boolean}, in parts that the JVM can compile as one with others. */
    MethodHandle handle();
}
