package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.LimitChange;
import java.util.Objects;

/**
 * One of several changes for {@link KernelCgroupDriver#applyAll}.
 *
 * @param container whose limit it is
 * @param change what to write
 */
public record ContainerChange(String container, LimitChange change) {
    /** Refuses missing parts. */
    public ContainerChange {
        Objects.requireNonNull(container, "container");
        Objects.requireNonNull(change, "change");
    }
}
