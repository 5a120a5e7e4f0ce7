package io.serverlesscontainers.policy.internal.engine;

import java.lang.invoke.MethodHandle;
import java.util.function.Predicate;

/**
 * A constraint of which nothing is known but how to ask it.
 *
 * @param test asks it
 * @param <F> the fact
 */
record FactTest<F>(Predicate<F> test) implements Constraint<F> {
    @Override
    public boolean holds(F fact) {
        return test.test(fact);
    }

    @Override
    public MethodHandle handle() {
        return Handles.of(test);
    }
}
