package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.core.spi.Throttling;
import java.util.Optional;

/** How long one container may run. */
public interface CpuController {
    /** Quota and period now. */
    CpuBandwidth bandwidth();

    /** Writes the quota; the period must be the one that was read. */
    void write(CpuBandwidth bandwidth);

    /** How often the quota was used up; empty if the kernel does not count it. */
    Optional<Throttling> throttling();
}
