package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;

/**
 * Through {@code memory.high}, for the length of one write: the kernel takes back what is above it before the write
 * returns, and then it is as it was again, whatever happened.
 *
 * <p>Who asks for memory while above it is put to sleep, for up to 2 s at each time, growing with the square of the
 * excess: 64 s × (excess ÷ limit)² for each 64 pages (see {@code mem_cgroup_handle_over_high} in the kernel). So it is
 * never lowered by more than a 32nd, which makes 1⁄16 s.
 */
final class ReclaimByHigh implements Reclaim {
    private static final int LARGEST_PART = 32;

    private final CgroupFile high;

    ReclaimByHigh(CgroupDirectory cgroup) {
        this.high = cgroup.file("memory.high");
    }

    @Override
    public boolean some(long bytes, long charged) {
        long before = KernelText.limit(high.read(), high.toString());
        long lower = charged - Math.min(bytes, charged / LARGEST_PART);
        if (before != KernelText.NO_LIMIT && before <= lower) {
            // Somebody else's, and the kernel is at it already.
            return false;
        }
        try {
            high.write(Long.toString(lower));
        } finally {
            high.write(before == KernelText.NO_LIMIT ? "max" : Long.toString(before));
        }
        return false;
    }
}
