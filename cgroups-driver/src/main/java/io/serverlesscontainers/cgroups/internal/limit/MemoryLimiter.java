package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.OptionalLong;

/**
 * Moves the memory limit of one container. A lower limit never goes below
 *
 * <pre>what the container holds and cannot give back + margin, rounded up to whole MiB</pre>
 *
 * <p>looked up right before the write: version 2 of the kernel takes any limit, and kills until the container fits into
 * it. What the container takes between the look and the write is what the margin is for. A higher limit, or none, is
 * written without a look.
 */
public final class MemoryLimiter {
    private static final int MIB_SHIFT = 20;
    private static final long MIB = 1L << MIB_SHIFT;

    // From 2^62 bytes on the kernel's own notation for "no limit" begins.
    private static final long MOST_MIB = (1L << (62 - MIB_SHIFT)) - 1;

    private final long margin;

    /** With a margin in MiB, 0 or more. */
    public MemoryLimiter(long marginMiB) {
        this.margin = marginMiB << MIB_SHIFT;
    }

    /** The limit now, in MiB, cut to a whole number; empty if there is none. */
    public static OptionalLong limitMiB(MemoryController memory) {
        return mib(memory.limit());
    }

    /**
     * Writes a limit in MiB, or lifts it, and reads it back.
     *
     * @throws CgroupException if the kernel refuses for another reason than memory in use; the limit is as it was
     */
    public LimitOutcome apply(MemoryController memory, OptionalLong limitMiB) {
        long before = memory.limit();
        long wanted = bytes(limitMiB);
        long target = wanted;
        String reason = "";
        if (isLower(wanted, before)) {
            long held = memory.heldFast();
            long least = roundUp(held + margin);
            if (wanted < least) {
                reason = "the container holds " + roundUp(held) / MIB + " MiB that it cannot give back, and "
                        + margin / MIB + " MiB more are kept free: " + wanted / MIB + " MiB would be too little";
                target = least;
            }
            if (!isLower(target, before)) {
                return new LimitOutcome(LimitOutcome.Status.REFUSED, mib(before), reason);
            }
        }
        try {
            memory.write(target);
        } catch (KernelRefusal refusal) {
            if (refusal.errno() != Errno.EBUSY) {
                throw refusal;
            }
            reason = refusal.getMessage();
        }
        return outcome(before, wanted, memory.limit(), reason);
    }

    private static LimitOutcome outcome(long before, long wanted, long reached, String reason) {
        if (reached == wanted) {
            return LimitOutcome.applied(mib(reached));
        }
        LimitOutcome.Status status = reached == before ? LimitOutcome.Status.REFUSED : LimitOutcome.Status.PARTIAL;
        String why = reason.isEmpty()
                ? "another limit than the one written was read back: something else writes it too"
                : reason;
        return new LimitOutcome(status, mib(reached), why);
    }

    private static boolean isLower(long limit, long than) {
        return limit != KernelText.NO_LIMIT && (than == KernelText.NO_LIMIT || limit < than);
    }

    private static long bytes(OptionalLong limitMiB) {
        if (limitMiB.isEmpty()) {
            return KernelText.NO_LIMIT;
        }
        if (limitMiB.getAsLong() > MOST_MIB) {
            throw new CgroupException(
                    "memory limit is " + limitMiB.getAsLong() + " MiB, at most " + MOST_MIB + " MiB is possible");
        }
        return limitMiB.getAsLong() << MIB_SHIFT;
    }

    private static OptionalLong mib(long bytes) {
        return bytes == KernelText.NO_LIMIT ? OptionalLong.empty() : OptionalLong.of(bytes >> MIB_SHIFT);
    }

    private static long roundUp(long bytes) {
        return (bytes + MIB - 1) & -MIB;
    }
}
