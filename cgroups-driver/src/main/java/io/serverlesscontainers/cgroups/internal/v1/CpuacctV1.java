package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.SplitCounter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;

/**
 * Version 1 {@code cpuacct}: {@code cpuacct.usage}, in nanoseconds, and {@code cpuacct.stat}, user and system time in
 * hundredths of a second. It only counts; there is nothing to write.
 *
 * <p>User and system time are told by which of the two the timer's ticks met, and need not add up to the CPU time, which
 * is measured. So only their ratio is taken, and the CPU time divided by it; {@code cpuacct.usage_user} and
 * {@code cpuacct.usage_sys} come from the same ticks on today's kernels, see
 * <a href="https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html">CPU accounting controller</a>.
 */
public final class CpuacctV1 implements SplitCounter {
    private final CgroupFile usage;
    private final CgroupFile stat;
    private final String path;
    private final String statPath;

    /** The controller's files in a cgroup. */
    public CpuacctV1(CgroupDirectory cgroup) {
        this.usage = cgroup.file("cpuacct.usage");
        this.stat = cgroup.file("cpuacct.stat");
        this.path = usage.toString();
        this.statPath = stat.toString();
    }

    @Override
    public long used() {
        return KernelText.number(usage.read(), path);
    }

    @Override
    public Split split() {
        double userPart = CpuStat.userPart(stat.read(), statPath);
        long used = used();
        return new Split(used, (long) (used * userPart));
    }

    @Override
    public int openings() {
        return usage.openings();
    }
}
