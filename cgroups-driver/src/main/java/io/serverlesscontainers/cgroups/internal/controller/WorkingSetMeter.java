package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.WorkingSet;
import java.util.function.LongSupplier;

/**
 * The working set of one container, without asking for all of it each time. What is charged costs the kernel 1 µs to tell
 * and is read at each call. The inactive file pages stand in {@code memory.stat}, which costs it ten times as much; what
 * was read there is remembered
 *
 * <ul>
 *   <li>for 7 more calls at most,
 *   <li>as long as the charge is within 1 MiB of what it was then,
 *   <li>only if the reading was within 1 MiB of the one before, and
 *   <li>only while at least an eighth of the limit is free.
 * </ul>
 *
 * <p>So it is exact where memory moves, and where the limit is near: there, other memory may take the place of file pages
 * at a constant charge. Elsewhere file pages may become active, which makes the answer too low by as much, or inactive,
 * which makes it too high, for 7 calls at the most when that begins, and not at all while it goes on.
 *
 * <p>Where no process of the container ran since the previous call, nothing is read as long as this lasts: memory is
 * charged to who touches it, so only what the kernel takes back by itself is seen late. Near the limit this is exact too.
 *
 * <p>How low a limit may go is not decided by these answers, but by {@link MemoryController#heldFast()}, which remembers
 * nothing. Any number of threads may use it; they take turns.
 */
public final class WorkingSetMeter {
    private static final int MOST_REMEMBERED = 7;
    private static final long STEP = 1 << 20;
    private static final int FREE_PART = 8;
    private static final long NEVER = -1;

    private final CgroupFile charge;
    private final CgroupFile stat;
    private final byte[] inactiveKey;
    private final LongSupplier limit;
    private final String chargePath;
    private final String statPath;

    private int openings;
    private long chargedThen = NEVER;
    private long limitThen;
    private long inactive;
    private int callsLeft;
    private long last = NEVER;
    private boolean nearLimit;

    /**
     * Of the files of one cgroup.
     *
     * @param charge what is charged to it, in bytes
     * @param stat its {@code memory.stat}
     * @param inactiveKey the {@linkplain KernelText#key key} of the inactive file pages there
     * @param limit its limit, in bytes, or {@link KernelText#NO_LIMIT}
     */
    public WorkingSetMeter(CgroupFile charge, CgroupFile stat, byte[] inactiveKey, LongSupplier limit) {
        this.charge = charge;
        this.stat = stat;
        this.inactiveKey = inactiveKey.clone();
        this.limit = limit;
        this.chargePath = charge.toString();
        this.statPath = stat.toString();
        // The containers of a host, sampled together, do not all read the costly file at the same call.
        this.callsLeft = Math.floorMod(statPath.hashCode(), MOST_REMEMBERED + 1);
    }

    /** The working set now, in bytes, 0 or more. */
    public synchronized long bytes() {
        long charged = KernelText.number(charge.read(), chargePath);
        boolean isFirst = chargedThen == NEVER || charge.openings() != openings;
        if (isFirst || callsLeft == 0 || Math.abs(charged - chargedThen) > STEP || isNearLimit(charged)) {
            long before = inactive;
            inactive = WorkingSet.inactiveFile(stat.read(), inactiveKey, statPath);
            if (!isFirst) {
                callsLeft = Math.abs(inactive - before) > STEP ? 0 : MOST_REMEMBERED;
            }
            chargedThen = charged;
            limitThen = limit.getAsLong();
            openings = charge.openings();
        } else {
            callsLeft--;
        }
        nearLimit = isNearLimit(charged);
        last = WorkingSet.of(charged, inactive);
        return last;
    }

    /** The same where no process of the container ran since the previous call. */
    public synchronized long bytesAtRest() {
        if (last == NEVER || callsLeft == 0 || nearLimit) {
            return bytes();
        }
        callsLeft--;
        return last;
    }

    /** The limit was changed. */
    public synchronized void forget() {
        callsLeft = 0;
    }

    private boolean isNearLimit(long charged) {
        return limitThen != KernelText.NO_LIMIT && charged >= limitThen - limitThen / FREE_PART;
    }
}
