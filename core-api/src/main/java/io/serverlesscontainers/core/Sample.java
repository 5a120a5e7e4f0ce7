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
 * @param upper above it: a bottleneck; empty until it was guarded for the first time
 * @param lower below it: underuse; empty until it was guarded for the first time
 */
public record Sample(
        String container,
        Resource resource,
        boolean guarded,
        OptionalDouble usage,
        long limit,
        long min,
        long max,
        OptionalLong upper,
        OptionalLong lower) {}
