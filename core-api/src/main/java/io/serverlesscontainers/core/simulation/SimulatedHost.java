package io.serverlesscontainers.core.simulation;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host in memory whose containers use what their {@link Demand}s say, as far as their limits let them. May be used by
 * any number of threads. All that it does follows from its clock, the demands and the limits written.
 *
 * <p>Usage at a time is {@code min(demand, limit in force)}, and never more than the container's CPUs or the host's
 * memory. Time is divided into {@linkplain #PERIOD periods} counted from a container's start, as long as a CPU quota
 * period; a demand is taken at the start of a period and holds to its end. Limits may change at any moment. The mean over
 * a window is the exact integral of that, divided by the window's length: means of neighbouring windows add up. Of a
 * window, only the part counts in which the container was there and that is not in the future.
 *
 * <p>CPU, disk, network and energy are held back by their limit; a CPU period counts as throttled if its demand is above
 * the quota. Memory in use is never taken away: a limit that is lowered stops at what is in use, rounded up to a MiB, and
 * the outcome is {@link LimitOutcome.Status#PARTIAL}, or {@link LimitOutcome.Status#REFUSED} if that is where the limit
 * was. Containers do not compete: together they may use more than the host has.
 *
 * <p>On request, a CPU usage comes with {@link Signals}: the share of throttled ones among the window's periods with a
 * demand. A period belongs to the window in which it ends, and to the quota at its start.
 */
public final class SimulatedHost implements CgroupDriver, MetricSource, Throttling.Source {
    /** How long a demand holds, and the CPU quota period. */
    public static final Duration PERIOD = Duration.ofMillis(100);

    private final Clock clock;
    private final HostCapacity capacity;
    private final Set<Resource> resources;
    private final Duration remembered;
    private final boolean signals;
    private final Map<String, SimulatedContainer> containers = new ConcurrentHashMap<>();
    private final AtomicLong writes = new AtomicLong();

    private SimulatedHost(Builder builder) {
        clock = builder.clock;
        capacity = new HostCapacity(CpuSet.first(builder.cpus), builder.memoryMiB);
        resources = Collections.unmodifiableSet(EnumSet.copyOf(builder.resources));
        remembered = builder.remembered;
        signals = builder.signals;
    }

    /** A builder with the system's clock, 8 CPUs, 16 GiB of memory and all resources. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts a container, without limits and on all CPUs.
     *
     * @param demands what it would use; a resource that is not among them is not measured
     * @throws IllegalArgumentException if there is one of this name
     */
    public void addContainer(String name, Map<Resource, Demand> demands) {
        var container = new SimulatedContainer(
                name, clock.instant(), demands, resources, capacity.cpus(), capacity.memoryMiB(), remembered);
        if (containers.putIfAbsent(name, container) != null) {
            throw new IllegalArgumentException("there is a container '" + name + "' already");
        }
    }

    /**
     * Makes a container vanish, with its limits and its past.
     *
     * @throws MissingContainerException if there is none of this name
     */
    public void removeContainer(String name) {
        if (containers.remove(name) == null) {
            throw missing(name);
        }
    }

    /** The names of its containers now, sorted. */
    public Set<String> containers() {
        return Collections.unmodifiableSet(new TreeSet<>(containers.keySet()));
    }

    /** How many limits were written so far; a write that was refused counts too, one that was invalid does not. */
    public long writes() {
        return writes.get();
    }

    @Override
    public HostCapacity host() {
        return capacity;
    }

    @Override
    public Set<Resource> resources() {
        return resources;
    }

    @Override
    public ContainerLimits limits(String container) {
        return existing(container).limits();
    }

    @Override
    public LimitOutcome apply(String container, LimitChange change) {
        if (!resources.contains(change.resource())) {
            throw new IllegalArgumentException(
                    "this host limits " + new TreeSet<>(resources) + ", not " + change.resource());
        }
        SimulatedContainer target = existing(container);
        change.cpus().ifPresent(cpus -> requireExisting(container, cpus));
        LimitOutcome outcome = target.apply(change, clock.instant());
        writes.incrementAndGet();
        return outcome;
    }

    private void requireExisting(String container, CpuSet cpus) {
        if (!cpus.stream().allMatch(capacity.cpus()::contains)) {
            throw new CgroupException("CPUs '" + cpus + "' of container '" + container + "' are not all among '"
                    + capacity.cpus() + "', which the host has");
        }
    }

    @Override
    public Usages usage(UsageQuery query) {
        var usages = Usages.builder();
        if (query.subtype() != Structure.Subtype.CONTAINER) {
            return usages.problem(new Problem(
                            query.subtype().wireName() + " usage", "a simulated host measures containers only"))
                    .build();
        }
        Instant now = clock.instant();
        Instant to = query.to().isAfter(now) ? now : query.to();
        if (query.from().isAfter(now)) {
            return usages.build();
        }
        for (String name : query.structures()) {
            try {
                measure(existing(name), name, query, to, usages);
            } catch (MissingContainerException | IllegalStateException trouble) {
                usages.problem(new Problem("container '" + name + "'", trouble.getMessage()));
            }
        }
        return usages.build();
    }

    private void measure(
            SimulatedContainer container, String name, UsageQuery query, Instant to, Usages.Builder usages) {
        for (Resource resource : query.resources()) {
            double usage = container.usage(resource, query.from(), to);
            if (!Double.isNaN(usage)) {
                usages.add(name, resource, usage);
                if (signals && resource == Resource.CPU) {
                    double ratio = container.throttledRatio(query.from(), to);
                    usages.signals(name, resource, Signals.NONE.withThrottledRatio(ratio));
                }
            }
        }
    }

    @Override
    public Optional<Throttling> throttling(String container) {
        return Optional.ofNullable(containers.get(container)).map(it -> it.throttling(clock.instant()));
    }

    private SimulatedContainer existing(String name) {
        SimulatedContainer container = containers.get(name);
        if (container == null) {
            throw missing(name);
        }
        return container;
    }

    private static MissingContainerException missing(String name) {
        return new MissingContainerException(name, "this simulated host runs none of this name");
    }

    /** Does nothing: there is nothing to free. */
    @Override
    public void close() {}

    /** Collects the settings of a host; for one thread. */
    public static final class Builder {
        private Clock clock = Clock.systemUTC();
        private int cpus = 8;
        private long memoryMiB = 16 * 1024;
        private Set<Resource> resources = EnumSet.allOf(Resource.class);
        private Duration remembered = Duration.ofMinutes(10);
        private boolean signals;

        private Builder() {}

        /** The clock that it lives by. */
        public Builder clock(Clock itsClock) {
            clock = Objects.requireNonNull(itsClock, "clock");
            return this;
        }

        /** How many CPUs it has, 1 or more. */
        public Builder cpus(int count) {
            cpus = (int) atLeastOne("number of CPUs", count);
            return this;
        }

        /** Its memory in MiB, 1 or more. */
        public Builder memoryMiB(long amount) {
            memoryMiB = atLeastOne("memory in MiB", amount);
            return this;
        }

        /** The resources that it can limit, at least one; what containers use is measured for all. */
        public Builder resources(Set<Resource> limitable) {
            resources = EnumSet.copyOf(limitable);
            return this;
        }

        /**
         * How far back a window may start and still see every limit as it was then; further back, the oldest limit that
         * is remembered counts. 10 minutes if not set.
         */
        public Builder remembering(Duration past) {
            if (past.isNegative()) {
                throw new IllegalArgumentException("a host cannot remember " + past + ", 0 or more is needed");
            }
            remembered = past;
            return this;
        }

        /** Whether a CPU usage comes with the throttled ratio of its window; not if not set. */
        public Builder signals(boolean delivered) {
            signals = delivered;
            return this;
        }

        /** The host, without containers. */
        public SimulatedHost build() {
            return new SimulatedHost(this);
        }

        private static long atLeastOne(String what, long value) {
            if (value < 1) {
                throw new IllegalArgumentException(what + " is " + value + ", 1 or more is needed");
            }
            return value;
        }
    }
}
