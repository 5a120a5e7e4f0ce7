package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.Throttling;
import java.util.Optional;

/**
 * Version 1 {@code cpu}: {@code cpu.cfs_quota_us}, {@code cpu.cfs_period_us} and {@code cpu.stat}. A quota beyond the
 * parent's, measured by its period, is refused with {@code EINVAL}.
 */
public final class CpuV1 implements CpuController {
    private final CgroupFile quota;
    private final CgroupFile period;
    private final CgroupFile stat;

    /** The controller's files in a cgroup. */
    public CpuV1(CgroupDirectory cgroup) {
        this.quota = cgroup.file("cpu.cfs_quota_us");
        this.period = cgroup.file("cpu.cfs_period_us");
        this.stat = cgroup.file("cpu.stat");
    }

    @Override
    public CpuBandwidth bandwidth() {
        long periodNow = KernelText.number(period.read(), period.toString());
        return new CpuBandwidth(KernelText.quota(quota.read(), quota.toString()), periodNow, period.toString());
    }

    @Override
    public Optional<Throttling> throttling() {
        return CpuStat.throttling(stat.read(), stat.toString());
    }

    @Override
    public void write(CpuBandwidth bandwidth) {
        // NO_LIMIT is -1 here too.
        quota.write(Long.toString(bandwidth.quota()));
    }
}
