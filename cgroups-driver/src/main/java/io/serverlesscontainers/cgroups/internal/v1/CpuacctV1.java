package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;

/** Version 1 {@code cpuacct}: {@code cpuacct.usage}, in nanoseconds. It only counts; there is nothing to write. */
public final class CpuacctV1 implements UsageCounter {
    private final CgroupFile usage;
    private final String path;

    /** The controller's file in a cgroup. */
    public CpuacctV1(CgroupDirectory cgroup) {
        this.usage = cgroup.file("cpuacct.usage");
        this.path = usage.toString();
    }

    @Override
    public long used() {
        return KernelText.number(usage.read(), path);
    }

    @Override
    public int openings() {
        return usage.openings();
    }
}
