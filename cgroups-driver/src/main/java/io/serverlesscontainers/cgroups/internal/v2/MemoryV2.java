package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.controller.WorkingSetMeter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import java.nio.ByteBuffer;

/**
 * Version 2 {@code memory}: {@code memory.max}, {@code memory.current} and {@code memory.stat}. The kernel takes any
 * limit, and kills until the container fits into it: see {@link #heldFast()} before lowering one.
 */
public final class MemoryV2 implements MemoryController {
    private static final byte[] ACTIVE_FILE = KernelText.key("active_file");
    private static final byte[] INACTIVE_FILE = KernelText.key("inactive_file");
    private static final byte[] DIRTY = KernelText.key("file_dirty");
    private static final byte[] WRITEBACK = KernelText.key("file_writeback");

    private final CgroupFile max;
    private final CgroupFile current;
    private final CgroupFile stat;
    private final String currentPath;
    private final String statPath;
    private final WorkingSetMeter workingSet;

    /** The controller's files in a cgroup. */
    public MemoryV2(CgroupDirectory cgroup) {
        this.max = cgroup.file("memory.max");
        this.current = cgroup.file("memory.current");
        this.stat = cgroup.file("memory.stat");
        this.currentPath = current.toString();
        this.statPath = stat.toString();
        this.workingSet = new WorkingSetMeter(current, stat, INACTIVE_FILE, this::limit);
    }

    @Override
    public long limit() {
        return KernelText.limit(max.read(), max.toString());
    }

    @Override
    public long workingSet() {
        return workingSet.bytes();
    }

    @Override
    public long heldFast() {
        ByteBuffer text = stat.read();
        long files = bytes(text, ACTIVE_FILE) + bytes(text, INACTIVE_FILE);
        // These must reach the disk first; the kernel may lose patience and kill.
        long onTheirWay = bytes(text, DIRTY) + bytes(text, WRITEBACK);
        return charged() - Math.max(0, files - onTheirWay);
    }

    @Override
    public void write(long limit) {
        workingSet.forget();
        max.write(limit == KernelText.NO_LIMIT ? "max" : Long.toString(limit));
    }

    private long charged() {
        return KernelText.number(current.read(), currentPath);
    }

    private long bytes(ByteBuffer text, byte[] key) {
        return Math.max(0, KernelText.field(text, key, statPath));
    }
}
