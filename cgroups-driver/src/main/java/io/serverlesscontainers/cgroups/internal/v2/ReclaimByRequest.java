package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;

/** Through {@code memory.reclaim}, which answers {@code EAGAIN} when there is less to be had. */
final class ReclaimByRequest implements Reclaim {
    private final CgroupFile file;

    ReclaimByRequest(CgroupDirectory cgroup) {
        this.file = cgroup.file("memory.reclaim");
    }

    @Override
    public boolean some(long bytes, long charged) {
        try {
            file.write(Long.toString(bytes));
            return true;
        } catch (KernelRefusal refusal) {
            if (refusal.errno() != Errno.EAGAIN) {
                throw refusal;
            }
            return false;
        }
    }
}
