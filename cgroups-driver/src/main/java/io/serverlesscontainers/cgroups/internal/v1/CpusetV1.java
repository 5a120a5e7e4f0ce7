package io.serverlesscontainers.cgroups.internal.v1;

import io.serverlesscontainers.cgroups.internal.controller.CpusetController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CpuSet;

/**
 * Version 1 {@code cpuset}: {@code cpuset.cpus}, which inherits nothing: what is written is what counts. CPUs that the
 * parent does not have are refused with {@code EACCES}, CPUs that the machine does not have with {@code ERANGE}.
 */
public final class CpusetV1 implements CpusetController {
    private final CgroupFile cpus;

    /** The controller's file in a cgroup. */
    public CpusetV1(CgroupDirectory cgroup) {
        this.cpus = cgroup.file("cpuset.cpus");
    }

    @Override
    public CpuSet written() {
        return KernelText.cpus(cpus.read(), cpus.toString());
    }

    @Override
    public CpuSet effective() {
        return written();
    }

    @Override
    public void write(CpuSet set) {
        cpus.write(set.toString());
    }
}
