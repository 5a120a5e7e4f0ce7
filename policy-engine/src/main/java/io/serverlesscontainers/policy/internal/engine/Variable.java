package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.store.document.Resource;
import java.util.function.ToDoubleFunction;

/**
 * A number that rules may read from a fact.
 *
 * @param <F> the fact
 */
public interface Variable<F> extends ToDoubleFunction<F> {
    /** What the fact calls it. */
    String property();

    /** What a rule document for the resource calls it. */
    String path(Resource resource);
}
