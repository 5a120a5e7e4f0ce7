package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.controller.WorkingSetMeter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Version 1 {@code memory}: {@code memory.limit_in_bytes}, {@code memory.usage_in_bytes}, {@code memory.stat} and, on
 * kernels that count swap, {@code memory.memsw.limit_in_bytes} (memory and swap together).
 *
 * <p>A limit below what cannot be given back is refused with {@code EBUSY}. The limit of memory and swap must never be
 * below the limit of memory; where there is one, the amount of swap it leaves stays as it is.
 */
public final class MemoryV1 implements MemoryController {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryV1.class);
    private static final byte[] RSS = KernelText.key("total_rss");
    private static final byte[] SHMEM = KernelText.key("total_shmem");
    // As the usage, and unlike inactive_file, it counts the cgroups below too.
    private static final byte[] INACTIVE_FILE = KernelText.key("total_inactive_file");

    private final CgroupFile limit;
    private final CgroupFile stat;
    private final String statPath;
    private final WorkingSetMeter workingSet;
    private final Optional<CgroupFile> limitWithSwap;

    /** The controller's files in a cgroup. */
    public MemoryV1(CgroupDirectory cgroup) {
        this.limit = cgroup.file("memory.limit_in_bytes");
        this.stat = cgroup.file("memory.stat");
        this.statPath = stat.toString();
        this.workingSet = new WorkingSetMeter(cgroup.file("memory.usage_in_bytes"), stat, INACTIVE_FILE, this::limit);
        String memsw = "memory.memsw.limit_in_bytes";
        this.limitWithSwap = cgroup.has(memsw) ? Optional.of(cgroup.file(memsw)) : Optional.empty();
    }

    @Override
    public long limit() {
        return KernelText.limit(limit.read(), limit.toString());
    }

    @Override
    public long workingSet() {
        return workingSet.bytes();
    }

    @Override
    public long heldFast() {
        ByteBuffer text = stat.read();
        long rss = KernelText.field(text, RSS, statPath);
        if (rss == KernelText.ABSENT) {
            throw new CgroupException(stat + " has no total_rss: what the container holds is not known");
        }
        // Files in a tmpfs count as cache, but there is nowhere to write them back to.
        return rss + Math.max(0, KernelText.field(text, SHMEM, statPath));
    }

    @Override
    public void write(long wanted) {
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
        long wantedWithSwap = wanted == KernelText.NO_LIMIT ? KernelText.NO_LIMIT : wanted + swap;
        if (wanted == KernelText.NO_LIMIT || wantedWithSwap > withSwap) {
            memsw.write(Long.toString(wantedWithSwap));
            try {
                limit.write(Long.toString(wanted));
            } catch (KernelRefusal refusal) {
                memsw.write(Long.toString(withSwap));
                throw refusal;
            }
        } else {
            limit.write(Long.toString(wanted));
            try {
                memsw.write(Long.toString(wantedWithSwap));
            } catch (KernelRefusal refusal) {
                LOG.warn("memory is limited to {} bytes, but swap is in use: {}", wanted, refusal.getMessage());
            }
        }
    }
}
