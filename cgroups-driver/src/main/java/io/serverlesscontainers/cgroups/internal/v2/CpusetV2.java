package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.CpusetController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CpuSet;

/**
 * Version 2 {@code cpuset}: {@code cpuset.cpus} is what was asked for, empty for what the parent has;
 * {@code cpuset.cpus.effective} is what came of it. CPUs that the parent does not have are taken without complaint and
 * do not become effective. Where there are processes, CPUs that were set cannot be taken back: {@code ENOSPC}.
 */
public final class CpusetV2 implements CpusetController {
    private final CgroupFile cpus;
    private final CgroupFile effective;

    /** The controller's files in a cgroup. */
    public CpusetV2(CgroupDirectory cgroup) {
        this.cpus = cgroup.file("cpuset.cpus");
        this.effective = cgroup.file("cpuset.cpus.effective");
    }

    @Override
    public CpuSet written() {
        return KernelText.cpus(cpus.read(), cpus.toString());
    }

    @Override
    public CpuSet effective() {
        return KernelText.cpus(effective.read(), effective.toString());
    }

    @Override
    public void write(CpuSet set) {
        // A write of no bytes does not reach the kernel.
        cpus.write(set.isEmpty() ? "\n" : set.toString());
    }
}
