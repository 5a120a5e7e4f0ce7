package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.controller.SplitCounter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.cgroups.internal.parse.CpuStat;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.Throttling;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;

/** Version 2 {@code cpu}: {@code cpu.max}, quota and period in one file, {@code cpu.max.burst} from Linux 5.15 on, and
 * {@code cpu.stat}. */
public final class CpuV2 implements CpuController, SplitCounter {
    private static final String BURST = "cpu.max.burst";

    private final CgroupFile max;
    private final CgroupFile stat;
    private final String statPath;
    private final Optional<CgroupFile> burst;

    /** The controller's files in a cgroup. */
    public CpuV2(CgroupDirectory cgroup) {
        this.max = cgroup.file("cpu.max");
        this.stat = cgroup.file("cpu.stat");
        this.statPath = stat.toString();
        this.burst = cgroup.has(BURST) ? Optional.of(cgroup.file(BURST)) : Optional.empty();
    }

    @Override
    public CpuBandwidth bandwidth() {
        return KernelText.bandwidth(max.read(), max.toString());
    }

    @Override
    public Optional<Throttling> throttling() {
        return CpuStat.throttling(stat.read(), statPath);
    }

    @Override
    public long used() {
        return 1000 * CpuStat.usedMicroseconds(stat.read(), statPath);
    }

    /** The kernel itself sees to it that user and system time add up to the CPU time. */
    @Override
    public Split split() {
        ByteBuffer text = stat.read();
        return new Split(
                1000 * CpuStat.usedMicroseconds(text, statPath), 1000 * CpuStat.userMicroseconds(text, statPath));
    }

    @Override
    public int openings() {
        return stat.openings();
    }

    @Override
    public void write(CpuBandwidth before, CpuBandwidth bandwidth) {
        String quota = bandwidth.quota() == KernelText.NO_LIMIT ? "max" : Long.toString(bandwidth.quota());
        max.write(quota + " " + bandwidth.period());
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
