package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Makes the kernel take back memory that the container does not need, mostly pages of files that it has read, until no
 * more than so much is charged, time is up, or no more can be had. It goes step by step, as one request to the kernel
 * cannot be called off. With {@code memory.reclaim} (Linux 5.19) the container runs on undisturbed; before,
 * {@code memory.high} is all there is, see {@link ReclaimByHigh}.
 */
final class TakingBack {
    private static final long STEP = 16L << 20;

    // So much more, as the container may read on before the limit is written.
    private static final long HEADROOM = 1L << 20;

    private final CgroupDirectory cgroup;
    private final LongSupplier charged;
    private final boolean beforeReclaim;
    private Reclaim reclaim;

    /** Opens no file yet; with {@code beforeReclaim} as if there were no {@code memory.reclaim}. */
    TakingBack(CgroupDirectory cgroup, LongSupplier charged, boolean beforeReclaim) {
        this.beforeReclaim = beforeReclaim;
        this.cgroup = cgroup;
        this.charged = charged;
    }

    /** Goes on until {@code most} bytes are charged, or fewer. */
    void until(long most, Duration patience) {
        long begin = System.nanoTime();
        long now = charged.getAsLong();
        while (now > most && System.nanoTime() - begin < patience.toNanos()) {
            boolean all = reclaim().some(Math.min(STEP, now - most + HEADROOM), now);
            long then = charged.getAsLong();
            if (!all && then >= now) {
                return;
            }
            now = then;
        }
    }

    private Reclaim reclaim() {
        if (reclaim == null) {
            boolean onRequest = !beforeReclaim && cgroup.has("memory.reclaim");
            reclaim = onRequest ? new ReclaimByRequest(cgroup) : new ReclaimByHigh(cgroup);
        }
        return reclaim;
    }
}
