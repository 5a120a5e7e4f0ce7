package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.controller.CpusetController;
import io.serverlesscontainers.cgroups.internal.parse.CpuBandwidth;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.Optional;
import java.util.OptionalLong;

/** Moves the CPU limit of one container: the CPUs first, which fail more often, then the quota; or neither. */
public final class CpuLimiter {
    private CpuLimiter() {}

    /**
     * Writes quota and, if the change has any, CPUs, and reads both back.
     *
     * @throws CgroupException if the kernel refuses either; both are then as they were
     */
    public static LimitOutcome apply(CpuController cpu, Optional<CpusetController> cpuset, LimitChange change) {
        CpuBandwidth wanted = cpu.bandwidth().withShares(change.limit());
        if (change.cpus().isEmpty()) {
            cpu.write(wanted);
            return outcome(cpu, change, Optional.empty());
        }
        CpuSet cpus = change.cpus().get();
        CpusetController set = cpuset.orElseThrow(() -> new CgroupException(
                "the container has no cgroup of the cpuset controller, so it cannot be kept on CPUs " + cpus));
        CpuSet before = set.written().isEmpty() ? set.effective() : set.written();
        set.write(cpus);
        try {
            cpu.write(wanted);
        } catch (CgroupException failure) {
            restore(set, before, failure);
            throw failure;
        }
        return outcome(cpu, change, Optional.of(set.effective()));
    }

    private static void restore(CpusetController set, CpuSet before, CgroupException failure) {
        try {
            set.write(before);
        } catch (CgroupException second) {
            failure.addSuppressed(second);
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
