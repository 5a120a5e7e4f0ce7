package io.serverlesscontainers.core;

import io.serverlesscontainers.store.document.Resource;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One resource of one container in one window of a {@link ScalingController}, in the resource's unit: the usage over the
 * window, and the limits at its end, after all that was decided and applied in it.
 *
 * @param container the container's name
 * @param resource the resource
 * @param guarded whether it is scaled
 * @param usage mean usage over the window; empty if there was no sample
 * @param limit the limit applied now
 * @param min what it always keeps
 * @param max the most it may get
 * @param margin the distance between limit, upper and lower; empty if its boundary is missing or unusable
 */
public record Sample(
        String container,
        Resource resource,
        boolean guarded,
        OptionalDouble usage,
        long limit,
        long min,
        long max,
        OptionalLong margin) {

    /** Above it: a bottleneck. */
    public OptionalLong upper() {
        return margin.isPresent() ? OptionalLong.of(limit - margin.getAsLong()) : margin;
    }

    /** Below it: underuse. May lie below 0. */
    public OptionalLong lower() {
        return margin.isPresent() ? OptionalLong.of(limit - 2 * margin.getAsLong()) : margin;
    }
}
