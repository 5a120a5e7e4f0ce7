package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.core.spi.Throttling;
import java.util.Optional;
import java.util.OptionalLong;

/** How long one container may run. */
public interface CpuController {
    /** Quota and period now. */
    CpuBandwidth bandwidth();

    /**
     * Writes quota and period.
     *
     * @param before what was read
     */
    void write(CpuBandwidth before, CpuBandwidth wanted);

    /** How much unused quota may be used later, in µs; empty if this kernel has no such thing. */
    OptionalLong burst();

    /** Writes it. */
    void writeBurst(long microseconds);

    /** How often the quota was used up; empty if the kernel does not count it. */
    Optional<Throttling> throttling();
}
