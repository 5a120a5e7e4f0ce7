package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.Pressure;
import java.nio.ByteBuffer;

/** One {@code *.pressure} file of a cgroup. Kernels that were built or booted without them have none. */
final class PressureFile {
    private final CgroupFile file;
    private final String path;
    private boolean missing;

    PressureFile(CgroupDirectory cgroup, String name) {
        this.file = cgroup.file(name);
        this.path = file.toString();
        this.missing = !cgroup.has(name);
    }

    /** Adds how long tasks waited. */
    SignalCounts addTo(SignalCounts counts) {
        if (missing) {
            return counts;
        }
        try {
            ByteBuffer text = file.read();
            // "full" came later for the CPU than "some".
            return counts.withPressure(Pressure.some(text, path), Pressure.full(text, path));
        } catch (KernelRefusal refusal) {
            if (refusal.errno() != Errno.EOPNOTSUPP) {
                throw refusal;
            }
            // Before Linux 6.1 the file is there, but cannot be read, where pressure was switched off at boot.
            missing = true;
            return counts.withPressure(KernelText.ABSENT, KernelText.ABSENT);
        }
    }

    int openings() {
        return file.openings();
    }
}
