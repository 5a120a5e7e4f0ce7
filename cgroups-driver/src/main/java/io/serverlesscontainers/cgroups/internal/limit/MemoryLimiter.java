package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Moves the memory limit of one container. A lower limit never goes below
 *
 * <pre>what the container holds and cannot give back + margin, rounded up to whole MiB</pre>
 *
 * <p>looked up right before the write, and never below all that is charged at that moment: version 2 of the kernel takes
 * any limit, and kills until the container fits into it. What the container takes between the look and the write is what
 * the margin is for. Where more is charged than fits, the kernel is asked to take back file pages that it can take; if
 * they do not go in time, the limit stops above them.
 *
 * <p>After the write it is looked at once more. Has the container meanwhile used up half of the margin, the limit is
 * widened by as much; has one of its processes been killed, whatever the reason, the limit goes back to where it was. A
 * limit that was to go down never ends above where it was.
 *
 * <p>A higher limit, or none, is written without a look.
 */
public final class MemoryLimiter {
    private static final int MIB_SHIFT = 20;
    private static final long MIB = 1L << MIB_SHIFT;

    // From 2^62 bytes on the kernel's own notation for "no limit" begins.
    private static final long MOST_MIB = (1L << (62 - MIB_SHIFT)) - 1;

    /** The second time the limit is above all that is charged; only a container that grows then needs a third. */
    private static final int MOST_ATTEMPTS = 3;

    private final long margin;
    private final Duration patience;

    /**
     * With a margin.
     *
     * @param marginMiB 0 or more
     * @param patience how long file pages may be taken back before a limit goes down only as far as they let it
     */
    public MemoryLimiter(long marginMiB, Duration patience) {
        this.margin = marginMiB << MIB_SHIFT;
        this.patience = patience;
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
        if (isLower(wanted, before)) {
            return lower(memory, before, wanted);
        }
        memory.raise(wanted);
        return outcome(before, wanted, memory.limit(), "");
    }

    private LimitOutcome lower(MemoryController memory, long before, long wanted) {
        long kills = memory.kills();
        long target = wanted;
        String reason = "";
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            long held = memory.heldFast();
            long least = roundUp(held + margin);
            if (target < least) {
                target = least;
                reason = tooLittle(held, wanted);
            }
            if (!isLower(target, before)) {
                break;
            }
            Optional<String> complaint = memory.lower(target, attempt == 0 ? patience : Duration.ZERO);
            if (complaint.isEmpty()) {
                return verified(memory, before, wanted, kills, reason);
            }
            reason = complaint.get();
            target = Math.max(target, roundUp(memory.charged() + margin));
        }
        return new LimitOutcome(LimitOutcome.Status.REFUSED, mib(before), reason);
    }

    /** Looks once more, now that the limit is in force. */
    private LimitOutcome verified(MemoryController memory, long before, long wanted, long kills, String reason) {
        if (memory.kills() > kills) {
            memory.raise(before);
            return outcome(
                    before,
                    wanted,
                    memory.limit(),
                    "the kernel has just killed a process of the container for want of memory");
        }
        long held = memory.heldFast();
        long reached = memory.limit();
        if (!isLower(reached, held + margin / 2)) {
            return outcome(before, wanted, reached, reason);
        }
        long least = roundUp(held + margin);
        memory.raise(isLower(least, before) ? least : before);
        return outcome(before, wanted, memory.limit(), tooLittle(held, wanted));
    }

    private String tooLittle(long held, long wanted) {
        return "the container holds " + roundUp(held) / MIB + " MiB that it cannot give back, and " + margin / MIB
                + " MiB more are kept free: " + wanted / MIB + " MiB would be too little";
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
