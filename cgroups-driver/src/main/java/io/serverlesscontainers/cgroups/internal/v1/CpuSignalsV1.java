package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;

/** Version 1 {@code cpu}: the quota periods in {@code cpu.stat}. Version 1 does not tell how long tasks waited. */
public final class CpuSignalsV1 implements SignalCounter {
    private final CgroupFile stat;
    private final String path;

    /** The controller's file in a cgroup. */
    public CpuSignalsV1(CgroupDirectory cgroup) {
        this.stat = cgroup.file("cpu.stat");
        this.path = stat.toString();
    }

    @Override
    public SignalCounts counts() {
        return CpuStat.throttling(stat.read(), path)
                .map(SignalCounts.NONE::withThrottling)
                .orElse(SignalCounts.NONE);
    }

    @Override
    public int openings() {
        return stat.openings();
    }
}
