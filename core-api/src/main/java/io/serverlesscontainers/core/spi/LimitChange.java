package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One limit to write.
 *
 * @param resource the resource
 * @param limit the new limit in the resource's unit, 1 or more; empty to lift it
 * @param cpus for {@link Resource#CPU}: the CPUs to run on, at least one; empty to leave them as they are
 */
public record LimitChange(Resource resource, OptionalLong limit, Optional<CpuSet> cpus) {
    /** Refuses limits below 1, an empty set of CPUs, and CPUs for another resource. */
    public LimitChange {
        Objects.requireNonNull(resource, "resource");
        if (limit.isPresent() && limit.getAsLong() < 1) {
            throw new IllegalArgumentException(resource + " limit is " + limit.getAsLong() + ", 1 or more is needed");
        }
        if (cpus.isPresent() && (resource != Resource.CPU || cpus.get().isEmpty())) {
            throw new IllegalArgumentException(
                    "CPUs go with cpu, and at least one is needed, not '" + cpus.get() + "' with " + resource);
        }
    }

    /** Sets a limit. */
    public static LimitChange to(Resource resource, long limit) {
        return new LimitChange(resource, OptionalLong.of(limit), Optional.empty());
    }

    /** Sets the CPU quota and the CPUs that it may be used on. */
    public static LimitChange cpu(long cpuShares, CpuSet cpus) {
        return new LimitChange(Resource.CPU, OptionalLong.of(cpuShares), Optional.of(cpus));
    }

    /** Lifts a limit. */
    public static LimitChange lift(Resource resource) {
        return new LimitChange(resource, OptionalLong.empty(), Optional.empty());
    }
}
