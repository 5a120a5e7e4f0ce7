package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.DiskController;
import io.serverlesscontainers.cgroups.internal.device.BlockDevice;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.store.document.Resource;
import java.nio.ByteBuffer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version 1 {@code blkio}: {@code blkio.throttle.read_bps_device}, {@code blkio.throttle.write_bps_device} and
 * {@code blkio.throttle.io_service_bytes_recursive}, one disk and one direction of them.
 *
 * <p>A limit holds for what the container's processes submit themselves: what the kernel writes from its page cache later
 * is charged to the root cgroup. And it holds for the processes right in the cgroup: those in cgroups inside it, as
 * systemd makes them, are counted and not limited, see
 * <a href="https://docs.kernel.org/admin-guide/cgroup-v1/blkio-controller.html">blkio controller</a>.
 *
 * <p>Since Linux 6.10 (a3166c51702b, "blk-throttle: delay initialization until configuration") nothing is counted on a
 * disk before the first rule for it was written in any cgroup, be it one that limits nothing.
 */
public final class DiskV1 implements DiskController {
    private static final Logger LOG = LoggerFactory.getLogger(DiskV1.class);
    private static final String NO_RULE = "0";

    private final BlockDevice device;
    private final CgroupFile rules;
    private final CgroupFile counts;
    private final String countsPath;
    private final byte[] rule;
    private final byte[] count;
    private int openingsSeen;

    private DiskV1(BlockDevice device, CgroupFile rules, CgroupFile counts, String direction) {
        this.device = device;
        this.rules = rules;
        this.counts = counts;
        this.countsPath = counts.toString();
        this.rule = KernelText.key(device.toString());
        this.count = KernelText.key(device + " " + direction);
    }

    /** Both directions; none on kernels that cannot limit disks. */
    public static Map<Resource, DiskController> both(CgroupDirectory cgroup, BlockDevice device) {
        String reads = "blkio.throttle.read_bps_device";
        if (!cgroup.has(reads)) {
            return Map.of();
        }
        // Old kernels count only what is done right in this cgroup.
        String recursive = "blkio.throttle.io_service_bytes_recursive";
        CgroupFile counts = cgroup.file(cgroup.has(recursive) ? recursive : "blkio.throttle.io_service_bytes");
        return Map.of(
                Resource.DISK_READ, new DiskV1(device, cgroup.file(reads), counts, "Read"),
                Resource.DISK_WRITE,
                        new DiskV1(device, cgroup.file("blkio.throttle.write_bps_device"), counts, "Write"));
    }

    @Override
    public long limit() {
        long bytesPerSecond = KernelText.field(rules.read(), rule, rules.toString());
        return bytesPerSecond == KernelText.ABSENT || bytesPerSecond == 0 ? KernelText.NO_LIMIT : bytesPerSecond;
    }

    @Override
    public synchronized void write(long wanted) {
        rules.write(device + " " + (wanted == KernelText.NO_LIMIT ? NO_RULE : wanted));
    }

    @Override
    public long used() {
        ByteBuffer text = counts.read();
        long counted = KernelText.field(text, count, countsPath);
        if (counted == KernelText.ABSENT && tryToBeginCounting()) {
            text = counts.read();
            counted = KernelText.field(text, count, countsPath);
        }
        return KernelText.countOrZero(counted, text, countsPath);
    }

    /** Writes a rule that is none, once for each cgroup that comes to be behind the path; false if that was done. */
    private synchronized boolean tryToBeginCounting() {
        int openings = counts.openings();
        if (openings == openingsSeen) {
            return false;
        }
        openingsSeen = openings;
        try {
            if (limit() == KernelText.NO_LIMIT) {
                write(KernelText.NO_LIMIT);
            }
        } catch (KernelRefusal refusal) {
            LOG.debug("the kernel may not count what is done on disk {}: {}", device, refusal.getMessage());
        }
        return true;
    }

    @Override
    public int openings() {
        return counts.openings();
    }
}
