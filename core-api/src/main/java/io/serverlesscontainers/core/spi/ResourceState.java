package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.Objects;

/**
 * One resource of one structure in one window: the fact that event rules look at, of any policy and in DRL too. All
 * amounts are in the resource's unit. Immutable.
 *
 * @param structure the structure's name
 * @param resource the resource
 * @param usage mean usage over the window
 * @param max the most it may get
 * @param min what it always keeps
 * @param current the limit applied now
 * @param upper above it: a bottleneck
 * @param lower below it: underuse
 * @param boundary the boundary as configured
 * @param margin what the boundary comes to: the distance between current, upper and lower
 * @param signals what the kernel says about it over the window, {@link Signals#NONE} where nobody looked
 */
public record ResourceState(
        String structure,
        Resource resource,
        double usage,
        long max,
        long min,
        long current,
        long upper,
        long lower,
        long boundary,
        long margin,
        Signals signals) {

    /** Refuses missing signals. */
    public ResourceState {
        Objects.requireNonNull(signals, "signals");
    }

    /** A state without signals. */
    public ResourceState(
            String structure,
            Resource resource,
            double usage,
            long max,
            long min,
            long current,
            long upper,
            long lower,
            long boundary,
            long margin) {
        this(structure, resource, usage, max, min, current, upper, lower, boundary, margin, Signals.NONE);
    }
}
