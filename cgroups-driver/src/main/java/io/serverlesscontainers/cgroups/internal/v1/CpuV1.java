package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.Throttling;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Version 1 {@code cpu}: {@code cpu.cfs_quota_us}, {@code cpu.cfs_period_us}, {@code cpu.cfs_burst_us} from Linux 5.15
 * on, and {@code cpu.stat}. A quota beyond the parent's, measured by its period, is refused with {@code EINVAL}.
 */
public final class CpuV1 implements CpuController {
    private static final String BURST = "cpu.cfs_burst_us";

    private final CgroupFile quota;
    private final CgroupFile period;
    private final CgroupFile stat;
    private final Optional<CgroupFile> burst;

    /** The controller's files in a cgroup. */
    public CpuV1(CgroupDirectory cgroup) {
        this.quota = cgroup.file("cpu.cfs_quota_us");
        this.period = cgroup.file("cpu.cfs_period_us");
        this.stat = cgroup.file("cpu.stat");
        this.burst = cgroup.has(BURST) ? Optional.of(cgroup.file(BURST)) : Optional.empty();
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

    /** Two files: in between the limit is lower, never higher. */
    @Override
    public void write(CpuBandwidth before, CpuBandwidth wanted) {
        if (wanted.period() == before.period()) {
            writeQuota(wanted);
        } else if (wanted.period() < before.period()) {
            writeQuota(wanted);
            writePeriod(wanted, () -> writeQuota(before));
        } else {
            writePeriod(wanted, () -> {});
            try {
                writeQuota(wanted);
            } catch (CgroupException failure) {
                writePeriod(before, () -> {});
                throw failure;
            }
        }
    }

    private void writeQuota(CpuBandwidth bandwidth) {
        // NO_LIMIT is -1 here too.
        quota.write(Long.toString(bandwidth.quota()));
    }

    private void writePeriod(CpuBandwidth bandwidth, Runnable undo) {
        try {
            period.write(Long.toString(bandwidth.period()));
        } catch (CgroupException failure) {
            undo.run();
            throw failure;
        }
    }

    @Override
    public OptionalLong burst() {
        return burst.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        KernelText.number(burst.get().read(), burst.get().toString()));
    }

    @Override
    public void writeBurst(long microseconds) {
        burst.orElseThrow().write(Long.toString(microseconds));
    }
}
