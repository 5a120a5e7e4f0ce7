package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A host whose kernel is a map: keeps limits, records writes, and refuses or loses what it is told to. */
public final class HostOnPaper implements CgroupDriver {
    /** What a crash looks like from inside: nobody may catch it. */
    public static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    /** When to crash. */
    public enum CrashPoint {
        NEVER,
        BEFORE_READ,
        BEFORE_WRITE,
        AFTER_WRITE
    }

    private final HostCapacity capacity;
    private final Map<String, Map<Resource, OptionalLong>> limits = new HashMap<>();
    private final Map<String, CpuSet> cpus = new HashMap<>();
    private final Set<String> refusing = new HashSet<>();
    private final Map<String, Long> memoryInUse = new HashMap<>();
    private final List<String> writes = new ArrayList<>();
    private CrashPoint crash = CrashPoint.NEVER;
    private Resource refused;

    /** A host of so many CPUs and so much memory. */
    public HostOnPaper(int cores, long memoryMiB) {
        capacity = new HostCapacity(CpuSet.first(cores), memoryMiB);
    }

    /** Starts a container; a negative limit is none. */
    public HostOnPaper container(String name, long cpuShares, long memoryMiB) {
        Map<Resource, OptionalLong> of = new EnumMap<>(Resource.class);
        of.put(Resource.CPU, optional(cpuShares));
        of.put(Resource.MEMORY, optional(memoryMiB));
        limits.put(name, of);
        cpus.put(name, capacity.cpus());
        return this;
    }

    private static OptionalLong optional(long limit) {
        return limit < 0 ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    /** Moves a limit behind everybody's back. */
    public HostOnPaper set(String container, Resource resource, long limit) {
        limits.get(container).put(resource, optional(limit));
        return this;
    }

    /** Stops a container. */
    public void lose(String container) {
        limits.remove(container);
    }

    /** Refuses all writes to a container, or accepts them again. */
    public void refuse(String container, boolean refuse) {
        if (refuse) {
            refusing.add(container);
        } else {
            refusing.remove(container);
        }
    }

    /** Refuses all writes to a resource. */
    public void refuse(Resource resource) {
        refused = resource;
    }

    /** Memory that cannot be taken back. */
    public void uses(String container, long memoryMiB) {
        memoryInUse.put(container, memoryMiB);
    }

    /** Crashes at the next call of this kind. */
    public void crash(CrashPoint point) {
        crash = point;
    }

    private void crashAt(CrashPoint point) {
        if (crash == point) {
            throw new Crash();
        }
    }

    /** All writes that were accepted: {@code web-1 cpu 275 on 0-2}. */
    public List<String> writes() {
        return writes;
    }

    /** The limit of a resource; -1 if there is none. */
    public long limit(String container, Resource resource) {
        return limits(container).limit(resource).orElse(-1);
    }

    /** The CPUs that a container may run on. */
    public CpuSet cpus(String container) {
        return cpus.get(container);
    }

    @Override
    public HostCapacity host() {
        return capacity;
    }

    @Override
    public Set<Resource> resources() {
        return Set.of(Resource.CPU, Resource.MEMORY);
    }

    @Override
    public ContainerLimits limits(String container) {
        crashAt(CrashPoint.BEFORE_READ);
        Map<Resource, OptionalLong> of = limits.get(container);
        if (of == null) {
            throw new MissingContainerException(container, "not on this paper");
        }
        return new ContainerLimits(container, of, Optional.of(cpus.get(container)));
    }

    @Override
    public LimitOutcome apply(String container, LimitChange change) {
        crashAt(CrashPoint.BEFORE_WRITE);
        long before = limit(container, change.resource());
        if (refusing.contains(container) || change.resource() == refused) {
            throw new CgroupException("writing '" + change.limit().orElse(-1) + "' to " + change.resource() + " of '"
                    + container + "' failed: EBUSY");
        }
        long inUse = change.resource() == Resource.MEMORY ? memoryInUse.getOrDefault(container, 0L) : 0;
        boolean partial = change.limit().isPresent() && change.limit().getAsLong() < inUse;
        OptionalLong reached = partial ? OptionalLong.of(Math.min(inUse, before)) : change.limit();
        limits.get(container).put(change.resource(), reached);
        change.cpus().ifPresent(set -> cpus.put(container, set));
        writes.add(container + " " + change.resource() + " " + reached.orElse(-1)
                + change.cpus().map(set -> " on " + set).orElse(""));
        crashAt(CrashPoint.AFTER_WRITE);
        return partial
                ? new LimitOutcome(LimitOutcome.Status.PARTIAL, reached, inUse + " MiB are in use")
                : LimitOutcome.applied(reached);
    }
}
