package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.DiskController;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.OptionalLong;

/**
 * Moves the limit of one container on one disk in one direction. The kernel keeps limits in bytes per second and rounds
 * nothing: bytes per second = MiB/s × 2²⁰. It takes what is in the queue along, so a change shows at once.
 */
public final class DiskLimiter {
    private static final int MIB_SHIFT = 20;
    private static final long MOST_MIB = Long.MAX_VALUE >> MIB_SHIFT;

    private DiskLimiter() {}

    /** The limit now, in MiB per second, cut to a whole number; empty if there is none. */
    public static OptionalLong limitMiB(DiskController disk) {
        return mib(disk.limit());
    }

    /**
     * Writes a limit in MiB per second, or lifts it, and reads it back.
     *
     * @throws CgroupException if the kernel refuses; the limit is as it was
     */
    public static LimitOutcome apply(DiskController disk, OptionalLong limitMiB) {
        long wanted = bytes(limitMiB);
        try {
            disk.write(wanted);
        } catch (KernelRefusal refusal) {
            throw refusal.errno() == Errno.ENODEV ? whichIsGone(disk, refusal) : refusal;
        }
        long reached = disk.limit();
        return reached == wanted
                ? LimitOutcome.applied(mib(reached))
                : new LimitOutcome(
                        LimitOutcome.Status.PARTIAL,
                        mib(reached),
                        "another limit than the one written was read back: something else writes it too");
    }

    /** The kernel says the same of a disk that it does not have and of a cgroup that is gone; only the latter is not read. */
    private static CgroupException whichIsGone(DiskController disk, KernelRefusal refusal) {
        disk.limit();
        return new CgroupException(
                refusal.getMessage() + "; the cgroup is there, so there is no such disk any more", refusal);
    }

    private static long bytes(OptionalLong limitMiB) {
        if (limitMiB.isEmpty()) {
            return KernelText.NO_LIMIT;
        }
        if (limitMiB.getAsLong() > MOST_MIB) {
            throw new CgroupException(
                    "disk limit is " + limitMiB.getAsLong() + " MiB/s, at most " + MOST_MIB + " MiB/s is possible");
        }
        return limitMiB.getAsLong() << MIB_SHIFT;
    }

    private static OptionalLong mib(long bytes) {
        return bytes == KernelText.NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(bytes >> MIB_SHIFT);
    }
}
