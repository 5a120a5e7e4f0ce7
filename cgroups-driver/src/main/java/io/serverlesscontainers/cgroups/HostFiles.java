package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the kernel says about the whole machine. */
final class HostFiles {
    private static final byte[] MEM_TOTAL = KernelText.key("MemTotal:");
    private static final int KIB_PER_MIB = 1024;

    private final Hierarchies hierarchies;
    private final Path online;
    private final Path memInfo;

    HostFiles(Hierarchies hierarchies, Path fileSystem, Path proc) {
        this.hierarchies = hierarchies;
        this.online = fileSystem.resolve("sys/devices/system/cpu/online");
        this.memInfo = proc.resolve("meminfo");
    }

    HostCapacity capacity() {
        return new HostCapacity(cpus(), memoryMiB());
    }

    /** The root cgroup's CPUs: those that are online, unless this is a part of a machine's cgroups only. */
    private CpuSet cpus() {
        Optional<Hierarchy> cpuset = hierarchies.of("cpuset");
        if (cpuset.isPresent()) {
            boolean v1 = cpuset.get().version() == Version.V1;
            String name = v1 ? "cpuset.effective_cpus" : "cpuset.cpus.effective";
            try (CgroupDirectory root = cpuset.get().root().directory(".")) {
                if (root.has(name)) {
                    CgroupFile file = root.file(name);
                    CpuSet cpus = KernelText.cpus(file.read(), file.toString());
                    if (!cpus.isEmpty()) {
                        return cpus;
                    }
                }
            }
        }
        return KernelText.cpus(read(online), online.toString());
    }

    private long memoryMiB() {
        long kib = KernelText.fieldInKiB(read(memInfo), MEM_TOTAL, memInfo.toString());
        if (kib == KernelText.ABSENT) {
            throw new CgroupException(memInfo + " has no MemTotal: the machine's memory is not known");
        }
        return kib / KIB_PER_MIB;
    }

    private static ByteBuffer read(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new CgroupException("cannot read " + file + ": " + unreadable, unreadable);
        }
    }
}
