package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.DiskController;
import io.serverlesscontainers.cgroups.internal.device.BlockDevice;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.NestedKeys;
import io.serverlesscontainers.store.document.Resource;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Version 2 {@code io}: {@code io.max} and {@code io.stat}, one disk and one direction of them. A write names what it
 * changes; the other direction, and limits of operations per second, stay as they are. Limits hold for the cgroups inside
 * the container too, and for what the kernel writes from its page cache, on file systems that tell it whose that is (ext4,
 * btrfs, xfs, …): see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#writeback">writeback</a>.
 */
public final class DiskV2 implements DiskController {
    private final BlockDevice device;
    private final String limitName;
    private final CgroupFile max;
    private final CgroupFile stat;
    private final String statPath;
    private final byte[] key;
    private final byte[] limit;
    private final byte[] count;

    private DiskV2(BlockDevice device, CgroupFile max, CgroupFile stat, String limitName, String countName) {
        this.device = device;
        this.limitName = limitName;
        this.max = max;
        this.stat = stat;
        this.statPath = stat.toString();
        this.key = NestedKeys.key(device.toString());
        this.limit = NestedKeys.name(limitName);
        this.count = NestedKeys.name(countName);
    }

    /** Both directions; none where the controller is not at work. */
    public static Map<Resource, DiskController> both(CgroupDirectory cgroup, BlockDevice device) {
        if (!cgroup.has("io.max")) {
            return Map.of();
        }
        CgroupFile max = cgroup.file("io.max");
        CgroupFile stat = cgroup.file("io.stat");
        return Map.of(
                Resource.DISK_READ, new DiskV2(device, max, stat, "rbps", "rbytes"),
                Resource.DISK_WRITE, new DiskV2(device, max, stat, "wbps", "wbytes"));
    }

    @Override
    public long limit() {
        return NestedKeys.limit(max.read(), key, limit, max.toString());
    }

    @Override
    public void write(long wanted) {
        max.write(device + " " + limitName + "=" + (wanted == KernelText.NO_LIMIT ? "max" : wanted));
    }

    @Override
    public long used() {
        ByteBuffer text = stat.read();
        return KernelText.countOrZero(NestedKeys.number(text, key, count, statPath), text, statPath);
    }

    @Override
    public int openings() {
        return stat.openings();
    }
}
