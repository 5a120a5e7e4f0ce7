package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.controller.WorkingSetMeter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Version 2 {@code memory}: {@code memory.max}, {@code memory.current}, {@code memory.stat} and {@code memory.events}. The
 * kernel takes any limit, and kills until the container fits into it. So a lower one is written only when all that is
 * charged fits into it, which file pages are {@linkplain TakingBack taken back} for.
 *
 * <p>{@code memory.swap.max} is a limit of its own here and stays as it is; so do {@code memory.high}, {@code memory.low}
 * and {@code memory.min}, which whoever runs the container has set.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files">Control Group v2</a>
 */
public final class MemoryV2 implements MemoryController {
    private static final byte[] ACTIVE_FILE = KernelText.key("active_file");
    private static final byte[] INACTIVE_FILE = KernelText.key("inactive_file");
    private static final byte[] DIRTY = KernelText.key("file_dirty");
    private static final byte[] WRITEBACK = KernelText.key("file_writeback");
    private static final byte[] KILLS = KernelText.key("oom_kill");

    private final CgroupFile max;
    private final CgroupFile current;
    private final CgroupFile stat;
    private final CgroupFile events;
    private final String currentPath;
    private final String statPath;
    private final WorkingSetMeter workingSet;
    private final TakingBack takingBack;

    /** The controller's files in a cgroup. */
    public MemoryV2(CgroupDirectory cgroup) {
        this(cgroup, false);
    }

    private MemoryV2(CgroupDirectory cgroup, boolean beforeReclaim) {
        this.max = cgroup.file("memory.max");
        this.current = cgroup.file("memory.current");
        this.stat = cgroup.file("memory.stat");
        this.events = cgroup.file("memory.events");
        this.currentPath = current.toString();
        this.statPath = stat.toString();
        this.workingSet = new WorkingSetMeter(current, stat, INACTIVE_FILE, this::limit);
        this.takingBack = new TakingBack(cgroup, this::charged, beforeReclaim);
    }

    /** Never mind {@code memory.reclaim}: for tests of what kernels before 5.19 are served with. */
    public static MemoryV2 beforeReclaim(CgroupDirectory cgroup) {
        return new MemoryV2(cgroup, true);
    }

    @Override
    public long limit() {
        return KernelText.limit(max.read(), max.toString());
    }

    @Override
    public long charged() {
        return KernelText.number(current.read(), currentPath);
    }

    @Override
    public long workingSet() {
        return workingSet.bytes();
    }

    @Override
    public long workingSetAtRest() {
        return workingSet.bytesAtRest();
    }

    @Override
    public long heldFast() {
        ByteBuffer text = stat.read();
        long files = bytes(text, ACTIVE_FILE) + bytes(text, INACTIVE_FILE);
        // These must reach the disk first; the kernel may lose patience and kill.
        long onTheirWay = bytes(text, DIRTY) + bytes(text, WRITEBACK);
        return charged() - Math.max(0, files - onTheirWay);
    }

    private long bytes(ByteBuffer text, byte[] key) {
        return Math.max(0, KernelText.field(text, key, statPath));
    }

    /** Of this cgroup and those below. */
    @Override
    public long kills() {
        return Math.max(0, KernelText.field(events.read(), KILLS, events.toString()));
    }

    @Override
    public void raise(long limit) {
        workingSet.forget();
        max.write(limit == KernelText.NO_LIMIT ? "max" : Long.toString(limit));
    }

    @Override
    public Optional<String> lower(long limit, Duration patience) {
        workingSet.forget();
        takingBack.until(limit, patience);
        long charged = charged();
        if (charged > limit) {
            return Optional.of(charged + " bytes are in " + currentPath + ", and the kernel did not take enough of them"
                    + " back in time: a limit of " + limit + " would kill");
        }
        max.write(Long.toString(limit));
        return Optional.empty();
    }
}
