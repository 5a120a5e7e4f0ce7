package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The limits that the kernel enforces on a container now.
 *
 * @param container its name
 * @param limits in each resource's unit, cut to whole numbers; an empty value means that there is no limit; a resource
 *     that the driver does not handle has no entry
 * @param cpus the CPUs it may run on; empty where the driver does not handle them
 */
public record ContainerLimits(String container, Map<Resource, OptionalLong> limits, Optional<CpuSet> cpus) {
    /** Copies the map. */
    public ContainerLimits {
        Objects.requireNonNull(container, "container");
        limits = Collections.unmodifiableMap(limits.isEmpty() ? new EnumMap<>(Resource.class) : new EnumMap<>(limits));
        Objects.requireNonNull(cpus, "cpus");
    }

    /** The limit of one resource; empty if there is none, or the driver does not handle it. */
    public OptionalLong limit(Resource resource) {
        return limits.getOrDefault(resource, OptionalLong.empty());
    }
}
