package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.cgroups.internal.v1.CpuSignalsV1;
import io.serverlesscontainers.cgroups.internal.v1.MemorySignalsV1;
import io.serverlesscontainers.cgroups.internal.v2.CpuSignalsV2;
import io.serverlesscontainers.cgroups.internal.v2.IoSignalsV2;
import io.serverlesscontainers.cgroups.internal.v2.MemorySignalsV2;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Where the kernel counts how one container is held back; files of their own, for those who ask. */
final class ContainerSignals implements AutoCloseable {
    private final List<CgroupDirectory> directories = new ArrayList<>();
    private final Map<Resource, SignalCounter> counters = new EnumMap<>(Resource.class);

    /** Opens no file yet. */
    ContainerSignals(CgroupPaths paths) {
        paths.paths().forEach(this::add);
    }

    private void add(Hierarchy hierarchy, String path) {
        CgroupDirectory directory = hierarchy.root().directory(path);
        directories.add(directory);
        if (hierarchy.version() == Version.V1) {
            addVersion1(hierarchy, directory);
        } else {
            addVersion2(hierarchy, directory);
        }
    }

    private void addVersion1(Hierarchy hierarchy, CgroupDirectory directory) {
        if (hierarchy.has("cpu")) {
            counters.put(Resource.CPU, new CpuSignalsV1(directory));
        }
        if (hierarchy.has("memory")) {
            counters.put(Resource.MEMORY, new MemorySignalsV1(directory));
        }
    }

    /** The files of pressure are there whichever controllers are at work. */
    private void addVersion2(Hierarchy hierarchy, CgroupDirectory directory) {
        if (hierarchy.has("cpu")) {
            counters.put(Resource.CPU, new CpuSignalsV2(directory));
        }
        if (hierarchy.has("memory") && directory.has("memory.events")) {
            counters.put(Resource.MEMORY, new MemorySignalsV2(directory));
        }
        if (directory.has("io.pressure")) {
            var io = new IoSignalsV2(directory);
            counters.put(Resource.DISK_READ, io);
            counters.put(Resource.DISK_WRITE, io);
        }
    }

    /** What counts for a resource; null if nothing does. */
    SignalCounter counter(Resource resource) {
        return counters.get(resource);
    }

    @Override
    public void close() {
        directories.forEach(CgroupDirectory::close);
    }
}
