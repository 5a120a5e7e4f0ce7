package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.core.spi.CpuSet;

/** Which CPUs one container may run on. */
public interface CpusetController {
    /** The CPUs that are set; none if they are inherited. */
    CpuSet written();

    /** The CPUs that it really may run on. */
    CpuSet effective();

    /** Sets them. */
    void write(CpuSet cpus);
}
