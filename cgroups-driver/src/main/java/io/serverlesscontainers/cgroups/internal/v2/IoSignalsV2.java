package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;

/** Version 2: {@code io.pressure}, in which reading and writing are one. */
public final class IoSignalsV2 implements SignalCounter {
    private final PressureFile pressure;

    /** The file in a cgroup. */
    public IoSignalsV2(CgroupDirectory cgroup) {
        this.pressure = new PressureFile(cgroup, "io.pressure");
    }

    @Override
    public SignalCounts counts() {
        return pressure.addTo(SignalCounts.NONE);
    }

    @Override
    public int openings() {
        return pressure.openings();
    }
}
