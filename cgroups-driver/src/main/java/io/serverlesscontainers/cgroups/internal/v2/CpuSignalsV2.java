package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;

/** Version 2 {@code cpu}: the quota periods in {@code cpu.stat}, and {@code cpu.pressure}. */
public final class CpuSignalsV2 implements SignalCounter {
    private final CgroupFile stat;
    private final String path;
    private final PressureFile pressure;

    /** The controller's files in a cgroup. */
    public CpuSignalsV2(CgroupDirectory cgroup) {
        this.stat = cgroup.file("cpu.stat");
        this.path = stat.toString();
        this.pressure = new PressureFile(cgroup, "cpu.pressure");
    }

    @Override
    public SignalCounts counts() {
        return pressure.addTo(CpuStat.throttling(stat.read(), path)
                .map(SignalCounts.NONE::withThrottling)
                .orElse(SignalCounts.NONE));
    }

    @Override
    public int openings() {
        return stat.openings() + pressure.openings();
    }
}
