package io.serverlesscontainers.examples.quickstart.report;

import io.serverlesscontainers.core.accounting.Utilization;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What a run came to for one container.
 *
 * @param name its name
 * @param scaleUps how often a limit of it was raised
 * @param scaleDowns how often a limit of it was lowered
 * @param cpu in core·s, while guarded
 * @param memory in MiB·s, while guarded
 * @param throttledRatio share of the kernel's quota periods that ended early, 0 to 1; empty where nobody counts them
 */
public record ContainerReport(
        String name, int scaleUps, int scaleDowns, Utilization cpu, Utilization memory, OptionalDouble throttledRatio) {
    /** Refuses missing parts. */
    public ContainerReport {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(memory, "memory");
        Objects.requireNonNull(throttledRatio, "throttledRatio");
    }
}
