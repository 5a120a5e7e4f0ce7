package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.device.BlockDevice;
import io.serverlesscontainers.cgroups.internal.device.DiskFinder;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.limit.CpuLimiter;
import io.serverlesscontainers.cgroups.internal.limit.MemoryLimiter;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerName;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits of containers, straight from and into the files of this machine's cgroups. Made by {@link Cgroups}. May be used
 * by any number of threads.
 *
 * <p>The files of a container are opened when they are first needed and held open until the container is gone or the
 * driver is closed, {@linkplain Cgroups.Builder#mostOpenFiles as many as there may be}. A container that was started
 * again under the same name is found by itself.
 *
 * <p>A name is looked for in two steps. First each {@link Engine} in its order tries the few places that the name alone
 * tells it ({@code lxc.payload.web-1}, {@code system.slice/nginx.service}), and the path {@code web-1} itself is tried
 * last: some sixty directories at most. Only then all cgroups are gone through for it: for IDs that are cut short, for
 * names that are in an engine's files, for pods. That costs about 0.1 ms per cgroup, goes 12 levels deep and ends after
 * 10,000 cgroups in each hierarchy; and what was seen serves all names for ten times as long as it took, so that
 * looking for what is not there costs a tenth of one CPU at the most. A container that was started within that time and
 * needs this step is found after it. A name that may be one of several containers is refused with {@link
 * CgroupException}.
 *
 * <p>A name that cannot be one, such as {@code ../web-1}, is that of a missing container. Nothing that engines write into
 * their files leads anywhere but to a cgroup beneath the root of a hierarchy.
 */
public final class KernelCgroupDriver implements CgroupDriver {
    private static final Logger LOG = LoggerFactory.getLogger(KernelCgroupDriver.class);

    private final Hierarchies hierarchies;
    private final int mostParts;
    private final Set<Resource> resources;
    private final EngineLookups lookups;
    private final HostFiles host;
    private final Path proc;
    private final Limiters limiters;
    private final ConcurrentHashMap<String, ContainerCgroup> containers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    KernelCgroupDriver(Cgroups.Builder settings) {
        // First, as it may fail: nothing is open yet.
        var outside = new OutsideLimits(settings);
        var opener = settings.opener();
        Optional<BlockDevice> disk = settings.disk.map(new DiskFinder(settings.fileSystem, settings.proc)::find);
        Set<String> more = disk.isPresent() ? ContainerCgroup.DISK_CONTROLLERS : Set.of();
        this.hierarchies = Hierarchies.detect(settings.fileSystem, settings.proc, opener, more);
        this.mostParts = ContainerCgroup.mostParts(hierarchies, disk);
        this.resources = resources(hierarchies, disk, outside);
        this.lookups = new EngineLookups(hierarchies, settings);
        this.host = new HostFiles(hierarchies, settings.fileSystem, settings.proc);
        this.proc = settings.proc;
        this.limiters = new Limiters(
                new CpuLimiter(settings.cpuPeriodMicroseconds, settings.cpuBurst),
                new MemoryLimiter(settings.memoryMarginMiB, settings.memoryPatience),
                disk,
                outside);
        LOG.debug("cgroup hierarchies {} for {}, disk {}", hierarchies.all(), resources, disk);
    }

    private static Set<Resource> resources(Hierarchies hierarchies, Optional<BlockDevice> disk, OutsideLimits outside) {
        Set<Resource> resources = outside.resources();
        hierarchies.of("cpu").ifPresent(there -> resources.add(Resource.CPU));
        hierarchies.of("memory").ifPresent(there -> resources.add(Resource.MEMORY));
        if (disk.isPresent() && ContainerCgroup.limitsDisks(hierarchies)) {
            resources.addAll(EnumSet.of(Resource.DISK_READ, Resource.DISK_WRITE));
        }
        return Collections.unmodifiableSet(resources);
    }

    /**
     * The CPUs that are online and not kept from the root cgroup, and all memory that the kernel manages.
     *
     * @throws CgroupException if the kernel does not tell
     */
    @Override
    public HostCapacity host() {
        refuseIfClosed();
        return host.capacity();
    }

    @Override
    public Set<Resource> resources() {
        return resources;
    }

    @Override
    public ContainerLimits limits(String container) {
        return with(container, ContainerCgroup::limits);
    }

    /**
     * {@inheritDoc}
     *
     * <p>CPU: the quota is shares × period ÷ 100, in the period that is found or {@linkplain Cgroups.Builder#cpuPeriod
     * set}; the CPUs, if any, are written first. A quota below 1000 µs is refused. A burst above the new quota is
     * lowered to it. Memory: a lower limit stops at what the container cannot give back, plus {@linkplain
     * Cgroups.Builder#memoryMarginMiB the margin}; on version 2 also at what did not go in {@linkplain
     * Cgroups.Builder#memoryPatience time}. Swap: where version 1 limits memory and swap together, the amount of swap
     * stays as it is; the limit of swap in version 2 is not touched. Disk: of {@linkplain Cgroups.Builder#disk the one
     * that was named}. Network: see {@link Cgroups.Builder#network}; energy: see {@link Cgroups.Builder#energyLimits}.
     *
     * <p>While a container is being made or removed it may have some of its cgroups only; what is missing just then
     * cannot be limited, which is a {@link CgroupException} like any other.
     */
    @Override
    public LimitOutcome apply(String container, LimitChange change) {
        refuseOthers(change.resource());
        return with(container, found -> found.apply(change));
    }

    /**
     * Writes several limits, also of cgroups inside each other, such as an application's and its containers': what grows
     * first, from the outside in, then what shrinks, from the inside out. So a child is never larger than its parent may
     * be, which version 1 refuses for CPUs and quotas, and a parent's memory is lowered when its children have given
     * back theirs. One that fails does not keep the others from being written.
     *
     * @return what became of each, in the same order
     * @throws IllegalArgumentException if a resource is not among {@link #resources()}, or one container has two changes
     *     of one resource; nothing is written then
     */
    public List<ContainerOutcome> applyAll(List<ContainerChange> changes) {
        return new OrderedChanges(this).apply(changes);
    }

    void refuseOthers(Resource resource) {
        if (!resources.contains(resource)) {
            throw new IllegalArgumentException(resource + " cannot be limited here, only " + resources + " can");
        }
    }

    /**
     * The containers that are on the machine now, of all engines that tell theirs from other cgroups: not of
     * {@link Engine#PLAIN}, and of {@link Engine#SYSTEMD} services and scopes. Each call goes through the cgroups, see
     * above for the cost and the bounds. What is inside a container is not listed.
     *
     * <p>{@link FoundContainer#id} is a name that the other methods understand, unless it is one of several that are called
     * the same.
     *
     * @throws CgroupException if the driver is closed
     */
    public List<FoundContainer> containers() {
        refuseIfClosed();
        return lookups.all();
    }

    Optional<Throttling> throttling(String container) {
        return with(container, found -> found.cpu().flatMap(cpu -> cpu.throttling()));
    }

    private <T> T with(String name, Function<ContainerCgroup, T> work) {
        ContainerCgroup container = findWhole(name);
        try {
            return work.apply(container);
        } catch (KernelRefusal refusal) {
            if (!refusal.isGone()) {
                throw refusal;
            }
        }
        forget(container);
        // It may have been started again, perhaps elsewhere.
        ContainerCgroup again = find(name);
        try {
            return work.apply(again);
        } catch (KernelRefusal refusal) {
            throw refusal.isGone() ? whyGone(again, refusal) : refusal;
        }
    }

    /** Where the proc file system is mounted. */
    Path proc() {
        return proc;
    }

    /** Whether a container was there when it was last used, so that it need not be looked for. */
    boolean knows(String name) {
        return containers.containsKey(name);
    }

    /** The container with this name, which must be there. */
    ContainerCgroup find(String name) {
        refuseIfClosed();
        ContainerCgroup known = containers.get(name);
        if (known != null) {
            return known;
        }
        var found = new ContainerCgroup(name, lookUp(name).orElseThrow(() -> missing(name)), limiters);
        ContainerCgroup earlier = containers.putIfAbsent(name, found);
        if (closed) {
            found.close();
            refuseIfClosed();
        }
        return earlier == null ? found : earlier;
    }

    /** The same; one that had not all its parts when it was found is looked at again, see {@link SecondLooks}. */
    ContainerCgroup findWhole(String name) {
        ContainerCgroup known = find(name);
        if (known.parts() == mostParts || !known.isDueForALook()) {
            return known;
        }
        Optional<ContainerCgroup> fuller = lookups.finder()
                .findAgain(name, known.paths())
                .map(paths -> new ContainerCgroup(name, paths, limiters))
                .filter(fresh -> fresh.parts() > known.parts());
        if (fuller.isPresent() && containers.replace(name, known, fuller.get())) {
            known.close();
            return fuller.get();
        }
        return known;
    }

    /** Lets go of a container whose cgroup is gone, and of its open files. */
    void forget(ContainerCgroup container) {
        containers.remove(container.name(), container);
        container.close();
    }

    /** A container that was there a moment ago is missing, unless only one of its files is. */
    CgroupException whyGone(ContainerCgroup container, KernelRefusal refusal) {
        forget(container);
        return lookUp(container.name()).isPresent() ? refusal : missing(container.name());
    }

    private Optional<CgroupPaths> lookUp(String name) {
        Optional<String> complaint = ContainerName.complaint(name);
        if (complaint.isPresent()) {
            throw new MissingContainerException(ContainerName.shown(name), complaint.get());
        }
        return lookups.finder().find(name);
    }

    private MissingContainerException missing(String name) {
        return new MissingContainerException(
                ContainerName.shown(name), lookups.finder().sought(name));
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new CgroupException("the cgroup driver is closed");
        }
    }

    /** Closes all files; limits stay as they are. Later calls throw {@link CgroupException}. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        containers.values().forEach(ContainerCgroup::close);
        containers.clear();
        hierarchies.close();
    }
}
