package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.controller.WorkingSetMeter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version 1 {@code memory}: {@code memory.limit_in_bytes}, {@code memory.usage_in_bytes}, {@code memory.stat},
 * {@code memory.oom_control} and, on kernels that count swap, {@code memory.memsw.limit_in_bytes} (memory and swap
 * together).
 *
 * <p>The kernel takes file pages back while a lower limit is being written (2 GiB of them in 16 ms), and refuses with
 * {@code EBUSY} if that is not enough; nobody is killed. The limit of memory and swap must never be below the limit of
 * memory; where there is one, the amount of swap it leaves stays as it is, unless more is in use.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">Memory Resource Controller</a>
 */
public final class MemoryV1 implements MemoryController {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryV1.class);
    // As the usage, and unlike rss or inactive_file, these count the cgroups below too.
    private static final byte[] RSS = KernelText.key("total_rss");
    private static final byte[] SHMEM = KernelText.key("total_shmem");
    private static final byte[] ACTIVE_FILE = KernelText.key("total_active_file");
    private static final byte[] INACTIVE_FILE = KernelText.key("total_inactive_file");
    private static final byte[] DIRTY = KernelText.key("total_dirty");
    private static final byte[] WRITEBACK = KernelText.key("total_writeback");
    private static final byte[] KILLS = KernelText.key("oom_kill");

    private final CgroupFile limit;
    private final CgroupFile stat;
    private final CgroupFile usage;
    private final CgroupFile oomControl;
    private final String usagePath;
    private final String statPath;
    private final WorkingSetMeter workingSet;
    private final Optional<CgroupFile> limitWithSwap;
    private final CgroupFile usageWithSwap;

    /** The controller's files in a cgroup. */
    public MemoryV1(CgroupDirectory cgroup) {
        this.limit = cgroup.file("memory.limit_in_bytes");
        this.stat = cgroup.file("memory.stat");
        this.usage = cgroup.file("memory.usage_in_bytes");
        this.oomControl = cgroup.file("memory.oom_control");
        this.usagePath = usage.toString();
        this.statPath = stat.toString();
        this.workingSet = new WorkingSetMeter(usage, stat, INACTIVE_FILE, this::limit);
        String memsw = "memory.memsw.limit_in_bytes";
        this.limitWithSwap = cgroup.has(memsw) ? Optional.of(cgroup.file(memsw)) : Optional.empty();
        this.usageWithSwap = cgroup.file("memory.memsw.usage_in_bytes");
    }

    @Override
    public long limit() {
        return KernelText.limit(limit.read(), limit.toString());
    }

    @Override
    public long charged() {
        return KernelText.number(usage.read(), usagePath);
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
        long rss = KernelText.field(text, RSS, statPath);
        if (rss == KernelText.ABSENT) {
            throw new CgroupException(stat + " has no total_rss: what the container holds is not known");
        }
        // Files in a tmpfs count as cache, but there is nowhere to write them back to.
        long processes = rss + bytes(text, SHMEM);
        long files = bytes(text, ACTIVE_FILE) + bytes(text, INACTIVE_FILE);
        long onTheirWay = bytes(text, DIRTY) + bytes(text, WRITEBACK);
        // The kernel's own memory is charged too, and in none of these.
        return Math.max(processes, charged() - Math.max(0, files - onTheirWay));
    }

    private long bytes(ByteBuffer text, byte[] key) {
        return Math.max(0, KernelText.field(text, key, statPath));
    }

    /** Of this cgroup alone, and none on kernels before 4.13, which do not count them. */
    @Override
    public long kills() {
        return Math.max(0, KernelText.field(oomControl.read(), KILLS, oomControl.toString()));
    }

    /** The kernel itself takes back what it can, for as long as it makes progress. */
    @Override
    public Optional<String> lower(long wanted, Duration patience) {
        try {
            write(wanted);
            return Optional.empty();
        } catch (KernelRefusal refusal) {
            if (refusal.errno() != Errno.EBUSY) {
                throw refusal;
            }
            return Optional.of(refusal.getMessage());
        }
    }

    @Override
    public void raise(long wanted) {
        write(wanted);
    }

    private void write(long wanted) {
        workingSet.forget();
        long withSwap = limitWithSwap
                .map(file -> KernelText.limit(file.read(), file.toString()))
                .orElse(KernelText.NO_LIMIT);
        if (withSwap == KernelText.NO_LIMIT) {
            limit.write(Long.toString(wanted));
        } else {
            writeBoth(limitWithSwap.get(), wanted, withSwap);
        }
    }

    private void writeBoth(CgroupFile memsw, long wanted, long withSwap) {
        long before = limit();
        long swap = before == KernelText.NO_LIMIT ? 0 : Math.max(0, withSwap - before);
        if (wanted == KernelText.NO_LIMIT || before != KernelText.NO_LIMIT && wanted >= before) {
            memsw.write(Long.toString(wanted == KernelText.NO_LIMIT ? KernelText.NO_LIMIT : wanted + swap));
            try {
                limit.write(Long.toString(wanted));
            } catch (KernelRefusal refusal) {
                memsw.write(Long.toString(withSwap));
                throw refusal;
            }
        } else {
            limit.write(Long.toString(wanted));
            lowerWithSwap(memsw, wanted, swap, withSwap);
        }
    }

    /** The limit of memory is lower already; that of both together follows as far as the swap in use lets it. */
    private void lowerWithSwap(CgroupFile memsw, long wanted, long swap, long withSwap) {
        long swapInUse = KernelText.number(usageWithSwap.read(), usageWithSwap.toString()) - charged();
        long wantedWithSwap = wanted + Math.max(swap, swapInUse);
        if (wantedWithSwap >= withSwap) {
            return;
        }
        try {
            memsw.write(Long.toString(wantedWithSwap));
        } catch (KernelRefusal refusal) {
            LOG.warn("memory is limited to {} bytes, but swap is in use: {}", wanted, refusal.getMessage());
        }
    }
}
