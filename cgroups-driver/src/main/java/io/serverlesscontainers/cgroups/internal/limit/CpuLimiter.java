package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.controller.CpusetController;
import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Moves the CPU limit of one container: the CPUs first, which fail more often, then quota and burst; or nothing.
 *
 * <p>The kernel takes no burst above the quota, nor a quota below the burst
 * (<a href="https://docs.kernel.org/scheduler/sched-bwc.html">CFS bandwidth control</a>). So a burst that is too large for
 * the new quota, whoever set it, is lowered before the quota, and one that grows is written after it.
 */
public final class CpuLimiter {
    private final OptionalLong period;
    private final OptionalDouble burst;

    /**
     * A limiter with some settings.
     *
     * @param periodMicroseconds the period that quotas are written in; empty for the one that is found
     * @param burst the burst as a part of the quota, 0 to 1; empty to leave it as it is, as far as it fits
     */
    public CpuLimiter(OptionalLong periodMicroseconds, OptionalDouble burst) {
        this.period = periodMicroseconds;
        this.burst = burst;
    }

    /**
     * Writes quota and, if the change has any, CPUs, and reads both back.
     *
     * @throws CgroupException if the kernel refuses either; both are then as they were
     */
    public LimitOutcome apply(CpuController cpu, Optional<CpusetController> cpuset, LimitChange change) {
        CpuBandwidth before = cpu.bandwidth();
        CpuBandwidth wanted = before.inPeriod(period.orElse(before.period())).withShares(change.limit());
        if (change.cpus().isEmpty()) {
            move(cpu, before, wanted);
            return outcome(cpu, change, Optional.empty());
        }
        CpuSet cpus = change.cpus().get();
        CpusetController set = cpuset.orElseThrow(() -> new CgroupException(
                "the container has no cgroup of the cpuset controller, so it cannot be kept on CPUs " + cpus));
        CpuSet cpusBefore = set.written().isEmpty() ? set.effective() : set.written();
        set.write(cpus);
        undoing(() -> move(cpu, before, wanted), () -> set.write(cpusBefore));
        return outcome(cpu, change, Optional.of(set.effective()));
    }

    private void move(CpuController cpu, CpuBandwidth before, CpuBandwidth wanted) {
        boolean isTouched = burst.isPresent() || isBelow(wanted.quota(), before.quota());
        OptionalLong burstBefore = isTouched ? cpu.burst() : OptionalLong.empty();
        if (burstBefore.isEmpty()) {
            cpu.write(before, wanted);
            return;
        }
        long from = burstBefore.getAsLong();
        long to = wantedBurst(wanted.quota(), from);
        if (to < from) {
            cpu.writeBurst(to);
            undoing(() -> cpu.write(before, wanted), () -> cpu.writeBurst(from));
        } else {
            cpu.write(before, wanted);
            if (to > from) {
                undoing(() -> cpu.writeBurst(to), () -> cpu.write(wanted, before));
            }
        }
    }

    private long wantedBurst(long quota, long now) {
        if (quota == KernelText.NO_LIMIT) {
            return now;
        }
        return burst.isPresent() ? (long) (burst.getAsDouble() * quota) : Math.min(now, quota);
    }

    private static boolean isBelow(long quota, long other) {
        return quota != KernelText.NO_LIMIT && (other == KernelText.NO_LIMIT || quota < other);
    }

    private static void undoing(Runnable attempt, Runnable undo) {
        try {
            attempt.run();
        } catch (CgroupException failure) {
            try {
                undo.run();
            } catch (CgroupException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private static LimitOutcome outcome(CpuController cpu, LimitChange change, Optional<CpuSet> cpus) {
        OptionalLong reached = cpu.bandwidth().shares();
        if (!reached.equals(change.limit())) {
            return new LimitOutcome(
                    LimitOutcome.Status.PARTIAL,
                    reached,
                    "another limit than the one written was read back: something else writes it too");
        }
        if (!cpus.equals(change.cpus())) {
            return new LimitOutcome(
                    LimitOutcome.Status.PARTIAL,
                    reached,
                    "of CPUs " + change.cpus().get() + " the container may only run on '" + cpus.get()
                            + "': the others are offline, or not its parent's");
        }
        return LimitOutcome.applied(reached);
    }
}
