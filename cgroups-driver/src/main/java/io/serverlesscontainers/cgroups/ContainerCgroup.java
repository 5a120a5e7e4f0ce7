package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.CpuController;
import io.serverlesscontainers.cgroups.internal.controller.CpusetController;
import io.serverlesscontainers.cgroups.internal.controller.DiskController;
import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.cgroups.internal.device.BlockDevice;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.limit.DiskLimiter;
import io.serverlesscontainers.cgroups.internal.limit.MemoryLimiter;
import io.serverlesscontainers.cgroups.internal.limit.OutsideLimit;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.cgroups.internal.v1.CpuV1;
import io.serverlesscontainers.cgroups.internal.v1.CpuacctV1;
import io.serverlesscontainers.cgroups.internal.v1.CpusetV1;
import io.serverlesscontainers.cgroups.internal.v1.DiskV1;
import io.serverlesscontainers.cgroups.internal.v1.MemoryV1;
import io.serverlesscontainers.cgroups.internal.v2.CpuV2;
import io.serverlesscontainers.cgroups.internal.v2.CpusetV2;
import io.serverlesscontainers.cgroups.internal.v2.DiskV2;
import io.serverlesscontainers.cgroups.internal.v2.MemoryV2;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One container as long as its cgroups live: the controllers that it has, of whichever version, and the open files
 * behind them. Any number of threads may read; writes take turns.
 */
final class ContainerCgroup implements AutoCloseable {
    /** The controllers of disks in version 1 and 2, which are left alone where no disk is limited. */
    static final Set<String> DISK_CONTROLLERS = Set.of("blkio", "io");

    private final String name;
    private final CgroupPaths paths;
    private final Limiters limiters;
    private final List<CgroupDirectory> directories = new ArrayList<>();
    private final Object oneWriteAtATime = new Object();
    private final Map<Resource, UsageCounter> counters = new EnumMap<>(Resource.class);
    private final Map<Resource, DiskController> disk = new EnumMap<>(Resource.class);
    private final Map<Resource, OutsideLimit> outside;

    private CpuController cpu;
    private CpusetController cpuset;
    private MemoryController memory;
    private ContainerSignals signals;
    private boolean closed;
    private final int parts;
    private final SecondLooks secondLooks = new SecondLooks(System::nanoTime);

    /** Opens no file yet. */
    ContainerCgroup(String name, CgroupPaths paths, Limiters limiters) {
        this.name = name;
        this.paths = paths;
        this.limiters = limiters;
        this.outside = limiters.outside().of(name, paths);
        outside.forEach((resource, limit) -> limit.counter().ifPresent(counter -> counters.put(resource, counter)));
        paths.paths().forEach(this::addControllers);
        this.parts = disk.size()
                + (int) Stream.of(cpu, counters.get(Resource.CPU), cpuset, memory)
                        .filter(Objects::nonNull)
                        .count();
    }

    private void addControllers(Hierarchy hierarchy, String path) {
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
            cpu = new CpuV1(directory);
        }
        if (hierarchy.has("cpuacct")) {
            counters.put(Resource.CPU, new CpuacctV1(directory));
        }
        if (hierarchy.has("cpuset")) {
            cpuset = new CpusetV1(directory);
        }
        if (hierarchy.has("memory")) {
            memory = new MemoryV1(directory);
        }
        if (hierarchy.has("blkio")) {
            limiters.disk().ifPresent(limited -> addDisk(DiskV1.both(directory, limited)));
        }
    }

    /** A controller of version 2 works in a cgroup only if the cgroup above enables it, as its files show. */
    private void addVersion2(Hierarchy hierarchy, CgroupDirectory directory) {
        if (hierarchy.has("cpu")) {
            var both = new CpuV2(directory);
            // The CPU time is counted always.
            counters.put(Resource.CPU, both);
            cpu = directory.has("cpu.max") ? both : null;
        }
        if (hierarchy.has("cpuset") && directory.has("cpuset.cpus")) {
            cpuset = new CpusetV2(directory);
        }
        if (hierarchy.has("memory") && directory.has("memory.max")) {
            memory = new MemoryV2(directory);
        }
        if (hierarchy.has("io")) {
            limiters.disk().ifPresent(limited -> addDisk(DiskV2.both(directory, limited)));
        }
    }

    private void addDisk(Map<Resource, DiskController> directions) {
        disk.putAll(directions);
        counters.putAll(directions);
    }

    /** How many of its parts it has; more can come while a container is being started. */
    int parts() {
        return parts;
    }

    /** Whether it is time to look for the parts that it lacks. */
    boolean isDueForALook() {
        return secondLooks.isDue();
    }

    /** How many parts a container can have on this machine. */
    static int mostParts(Hierarchies hierarchies, Optional<BlockDevice> device) {
        // The CPU time is counted by cpuacct in version 1, by cpu itself in version 2.
        Optional<Hierarchy> cpuTime =
                hierarchies.of("cpuacct").or(() -> hierarchies.of("cpu").filter(cpu -> cpu.version() == Version.V2));
        var others = Stream.of(hierarchies.of("cpu"), cpuTime, hierarchies.of("cpuset"), hierarchies.of("memory"));
        int directions = device.isPresent() && limitsDisks(hierarchies) ? 2 : 0;
        return directions + (int) others.filter(Optional::isPresent).count();
    }

    /** Whether the machine has the controller of disks. */
    static boolean limitsDisks(Hierarchies hierarchies) {
        return DISK_CONTROLLERS.stream()
                .anyMatch(controller -> hierarchies.of(controller).isPresent());
    }

    String name() {
        return name;
    }

    /** Where it was found. */
    CgroupPaths paths() {
        return paths;
    }

    /** What counts its use of a resource; null if nothing does. */
    UsageCounter counter(Resource resource) {
        return counters.get(resource);
    }

    /** What counts how it is held back in a resource; null if nothing does. Opens files that are else not needed. */
    synchronized SignalCounter signals(Resource resource) {
        if (signals == null) {
            signals = new ContainerSignals(paths);
            if (closed) {
                signals.close();
            }
        }
        return signals.counter(resource);
    }

    /** Its memory; null if it has no cgroup there. */
    MemoryController memory() {
        return memory;
    }

    Optional<CpuController> cpu() {
        return Optional.ofNullable(cpu);
    }

    ContainerLimits limits() {
        Map<Resource, OptionalLong> limits = new EnumMap<>(Resource.class);
        if (cpu != null) {
            limits.put(Resource.CPU, cpu.bandwidth().shares());
        }
        if (memory != null) {
            limits.put(Resource.MEMORY, MemoryLimiter.limitMiB(memory));
        }
        disk.forEach((direction, controller) -> limits.put(direction, DiskLimiter.limitMiB(controller)));
        outside.forEach((resource, limit) -> limit.limit().ifPresent(found -> limits.put(resource, found)));
        return new ContainerLimits(name, limits, Optional.ofNullable(cpuset).map(CpusetController::effective));
    }

    LimitOutcome apply(LimitChange change) {
        synchronized (oneWriteAtATime) {
            OutsideLimit elsewhere = outside.get(change.resource());
            if (elsewhere != null) {
                refuseIfGone();
                return elsewhere.apply(change.limit());
            }
            return switch (change.resource()) {
                case CPU -> limiters.cpu().apply(there(cpu, change), Optional.ofNullable(cpuset), change);
                case DISK_READ, DISK_WRITE ->
                    DiskLimiter.apply(there(disk.get(change.resource()), change), change.limit());
                default -> limiters.memory().apply(there(memory, change), change.limit());
            };
        }
    }

    /** What is elsewhere than in its cgroups does not show that these are gone; to read in one does. */
    private void refuseIfGone() {
        if (cpu != null) {
            cpu.bandwidth();
        } else if (memory != null) {
            memory.limit();
        }
    }

    private <C> C there(C controller, LimitChange change) {
        if (controller == null) {
            throw new CgroupException("container '" + name + "' has no " + change.resource()
                    + " controller at work in its cgroups " + directories);
        }
        return controller;
    }

    @Override
    public synchronized void close() {
        closed = true;
        directories.forEach(CgroupDirectory::close);
        if (signals != null) {
            signals.close();
        }
    }
}
