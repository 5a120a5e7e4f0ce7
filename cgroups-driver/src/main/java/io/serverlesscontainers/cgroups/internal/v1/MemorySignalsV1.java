package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;

/**
 * Version 1 {@code memory}: {@code oom_kill} in {@code memory.oom_control}, which kernels from 4.13 on count, and
 * {@code memory.failcnt}. Both are the cgroup's own, without what happened in the ones below it.
 */
public final class MemorySignalsV1 implements SignalCounter {
    private static final byte[] OOM_KILL = KernelText.key("oom_kill");

    private final CgroupFile oomControl;
    private final CgroupFile failures;
    private final String oomControlPath;
    private final String failuresPath;

    /** The controller's files in a cgroup. */
    public MemorySignalsV1(CgroupDirectory cgroup) {
        this.oomControl = cgroup.file("memory.oom_control");
        this.failures = cgroup.file("memory.failcnt");
        this.oomControlPath = oomControl.toString();
        this.failuresPath = failures.toString();
    }

    @Override
    public SignalCounts counts() {
        long kills = KernelText.field(oomControl.read(), OOM_KILL, oomControlPath);
        return SignalCounts.NONE.withMemoryEvents(kills, KernelText.number(failures.read(), failuresPath));
    }

    @Override
    public int openings() {
        return oomControl.openings() + failures.openings();
    }
}
