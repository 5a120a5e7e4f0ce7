package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.WorkingSet;

/**
 * The working set of one container, without asking for all of it each time. What is charged costs the kernel 1 µs to tell
 * and is read at each call. The inactive file pages stand in {@code memory.stat}, which costs it ten times as much; what
 * was read there is remembered
 *
 * <ul>
 *   <li>for 3 more calls at most,
 *   <li>as long as the charge is within 1 MiB of what it was then, and
 *   <li>only if the reading was within 1 MiB of the one before.
 * </ul>
 *
 * <p>So it is exact wherever memory moves, but for one case: file pages that become active, or make room for other memory,
 * while the charge happens to stay the same. This is seen 3 calls late at the most when it begins, until then the answer
 * is too low by as much as these pages, and exact at each call as long as it goes on. File pages that become inactive
 * unnoticed make it too high for as long. How low a limit may go is not decided by this answer, but by {@link
 * MemoryController#heldFast()}, which remembers nothing. Any number of threads may use it; they take turns.
 */
public final class WorkingSetMeter {
    private static final int MOST_REMEMBERED = 3;
    private static final long STEP = 1 << 20;
    private static final long NEVER = -1;

    private final CgroupFile charge;
    private final CgroupFile stat;
    private final byte[] inactiveKey;
    private final String chargePath;
    private final String statPath;

    private int openings;
    private long chargedThen = NEVER;
    private long inactive;
    private int callsLeft;

    /**
     * Of the files of one cgroup.
     *
     * @param charge what is charged to it, in bytes
     * @param stat its {@code memory.stat}
     * @param inactiveKey the {@linkplain KernelText#key key} of the inactive file pages there
     */
    public WorkingSetMeter(CgroupFile charge, CgroupFile stat, byte[] inactiveKey) {
        this.charge = charge;
        this.stat = stat;
        this.inactiveKey = inactiveKey.clone();
        this.chargePath = charge.toString();
        this.statPath = stat.toString();
        // The containers of a host, sampled together, do not all read the costly file at the same call.
        this.callsLeft = Math.floorMod(statPath.hashCode(), MOST_REMEMBERED + 1);
    }

    /** The working set now, in bytes, 0 or more. */
    public synchronized long bytes() {
        long charged = KernelText.number(charge.read(), chargePath);
        boolean isAnother = charge.openings() != openings;
        if (isAnother || chargedThen == NEVER) {
            inactive = WorkingSet.inactiveFile(stat.read(), inactiveKey, statPath);
            openings = charge.openings();
            chargedThen = charged;
        } else if (callsLeft == 0 || Math.abs(charged - chargedThen) > STEP) {
            long before = inactive;
            inactive = WorkingSet.inactiveFile(stat.read(), inactiveKey, statPath);
            callsLeft = Math.abs(inactive - before) > STEP ? 0 : MOST_REMEMBERED;
            chargedThen = charged;
        } else {
            callsLeft--;
        }
        return WorkingSet.of(charged, inactive);
    }
}
