package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Usage of containers, from the counters in their cgroups.
 *
 * <p>CPU, in shares, is the mean since the previous call:
 *
 * <pre>100 × CPU time between the two calls ÷ time between the two calls</pre>
 *
 * <p>so the first call for a container tells no CPU usage, and neither does the first one after it was started again.
 * The query's window is not looked at. Memory, in MiB, is the working set at the call:
 *
 * <pre>max(0, memory charged to the container − its inactive file pages)</pre>
 *
 * <p>that is {@code memory.usage_in_bytes − total_inactive_file} of {@code memory.stat} in version 1 and
 * {@code memory.current − inactive_file} in version 2, the containers inside it included. The kernel also charges a
 * container for the files that it merely read, and keeps them until the memory is needed for something else: with them,
 * whoever reads enough would seem to need the whole limit, whatever the limit is. What is left counts anonymous memory,
 * file pages in active use, files in memory (tmpfs) and what the kernel itself holds for the container. cAdvisor's
 * {@code container_memory_working_set_bytes}, which Kubernetes decides by, is reckoned the same way; see the kernel's
 * <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html#memory">memory controller</a> for the counters. As the
 * kernel sums them up per CPU, a change may be seen a moment late.
 *
 * <p>What is charged is read at each call. {@code memory.stat} costs the kernel ten times as much, so while the charge
 * stays within 1 MiB, and an eighth of the limit or more is free, the inactive file pages found there are taken to be the
 * same for 7 more calls. Where file pages become active or inactive then, and nothing else changes, the answer is up to 7
 * calls old when that begins; while it goes on, all is read at each call. A container whose CPU time is asked for in the
 * same query and did not move at all since the previous call has not touched memory either: as long as an eighth of the
 * limit is free, its memory is read at every eighth call, so what the kernel takes back by itself is seen that late.
 *
 * <p>Disk, in MiB per second, is what was read and written since the previous call, on
 * {@linkplain Cgroups.Builder#disk the disk that the driver limits}; the first call tells none, as with CPU. Reads that the
 * page cache answers are none of the disk's.
 *
 * <p>Network, in Mbit/s, is the mean since the previous call too, of what the container's interfaces but the loopback
 * received and sent together; only where the driver {@linkplain Cgroups.Builder#network looks after it}, and where the
 * container has a network of its own.
 *
 * <p>Other resources and other structures than containers have no usage here.
 *
 * <p>{@linkplain #withSignals Signals} are off unless asked for: each costs one or two more reads per container and call,
 * and as many open files. They are what was added since the previous call:
 *
 * <table>
 * <caption>What is told of each resource, and where it is counted</caption>
 * <tr><th>Resource</th><th>Version 1</th><th>Version 2</th></tr>
 * <tr><td>CPU</td><td>throttled ratio: {@code nr_throttled ÷ nr_periods} of {@code cpu.stat}</td><td>the same; pressure:
 * {@code total} of {@code cpu.pressure} ÷ time between the two calls</td></tr>
 * <tr><td>memory</td><td>OOM kills: {@code oom_kill} of {@code memory.oom_control}; limit hits: {@code memory.failcnt};
 * both without the cgroups below</td><td>OOM kills and limit hits: {@code oom_kill} and {@code max} of
 * {@code memory.events}, with the cgroups below; pressure: {@code memory.pressure}</td></tr>
 * <tr><td>disk, reading and writing alike</td><td>nothing</td><td>pressure: {@code io.pressure}</td></tr>
 * </table>
 *
 * <p>At the first call for a container, and at the first one after it was started again, there are none.
 *
 * <p>A container that is missing, or whose counters cannot be read, is named in {@link Usages#problems()} once, and
 * again only after it was fine in between; the others keep their usage. One that is missing is looked for again, at each
 * call where few are; where so many are that it would take more than a fiftieth of the time, they take turns.
 *
 * <p>{@link #usage} is for one thread at a time; {@link #throttling} may be called by any.
 */
public final class CgroupMetricSource implements MetricSource, Throttling.Source {
    private static final double BYTES_PER_MIB = 1 << 20;
    // A container that no query named in so many calls is not measured any more.
    private static final int CALLS_REMEMBERED = 100;

    private final KernelCgroupDriver driver;
    private final LongSupplier nanoTime;
    private final boolean tellsSignals;
    private final Map<String, Measured> measured = new HashMap<>();
    private final SearchTurns turns;
    private long call;

    /** Measures the containers of a driver, which it leaves open. */
    public CgroupMetricSource(KernelCgroupDriver driver) {
        this(driver, System::nanoTime);
    }

    /** The same with another monotonic clock, in nanoseconds. */
    public CgroupMetricSource(KernelCgroupDriver driver, LongSupplier nanoTime) {
        this(driver, nanoTime, false);
    }

    private CgroupMetricSource(KernelCgroupDriver driver, LongSupplier nanoTime, boolean tellsSignals) {
        this.driver = Objects.requireNonNull(driver, "driver");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.tellsSignals = tellsSignals;
        this.turns = new SearchTurns(nanoTime);
    }

    /**
     * A source of the same driver, which has measured nothing yet, that also tells the {@linkplain Usages#signals signals}
     * of the resources it is asked for; see above for which and for the cost.
     */
    public CgroupMetricSource withSignals() {
        return new CgroupMetricSource(driver, nanoTime, true);
    }

    @Override
    public synchronized Usages usage(UsageQuery query) {
        if (query.subtype() != Structure.Subtype.CONTAINER) {
            return Usages.none();
        }
        call++;
        turns.begin();
        Resource[] resources = query.resources().toArray(Resource[]::new);
        // CPU comes first, and tells whether a look at the memory is needed.
        Arrays.sort(resources);
        Usages.Builder usages = Usages.builder();
        List<String> names = query.structures();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            Measured container = measured.get(name);
            if (container == null) {
                container = new Measured(name);
                measured.put(name, container);
            }
            container.lastAskedFor = call;
            container.measure(resources, usages);
        }
        if (call % CALLS_REMEMBERED == 0) {
            forgetUnasked();
        }
        return usages.build();
    }

    /** {@inheritDoc} */
    @Override
    public Optional<Throttling> throttling(String container) {
        try {
            return driver.throttling(container);
        } catch (CgroupException goneOrSilent) {
            return Optional.empty();
        }
    }

    private void forgetUnasked() {
        for (Iterator<Measured> all = measured.values().iterator(); all.hasNext(); ) {
            if (call - all.next().lastAskedFor >= CALLS_REMEMBERED) {
                all.remove();
            }
        }
    }

    /** Lets go of what was measured; the driver stays open. */
    @Override
    public synchronized void close() {
        measured.clear();
    }

    /** One container, and what was read of it at the previous call. */
    private final class Measured {
        private final String name;
        private final UsageRate[] rates = new UsageRate[Resource.values().length];
        private final SignalWindow signals;
        private long lastAskedFor;
        private boolean inTrouble;
        private boolean missing;
        private long lookedForInRound;
        // Whoever lets go of it ends its files, so that reading one says that it is gone.
        private ContainerCgroup container;
        // What it had not when it was found may be there by now.
        private boolean incomplete;

        Measured(String name) {
            this.name = name;
            this.signals = tellsSignals ? new SignalWindow(name, nanoTime) : null;
        }

        void measure(Resource[] resources, Usages.Builder usages) {
            if (missing && !driver.knows(name) && !turns.mayLook(lookedForInRound)) {
                return;
            }
            try {
                measureOrLookAgain(resources, usages);
                inTrouble = false;
                missing = false;
            } catch (CgroupException trouble) {
                missing = trouble instanceof MissingContainerException;
                lookedForInRound = turns.round();
                container = null;
                Arrays.fill(rates, null);
                if (signals != null) {
                    signals.forget();
                }
                if (!inTrouble) {
                    usages.problem(new Problem("container '" + name + "'", trouble.getMessage()));
                }
                inTrouble = true;
            }
        }

        private void measureOrLookAgain(Resource[] resources, Usages.Builder usages) {
            if (container == null || incomplete) {
                use(driver.findWhole(name));
            }
            try {
                measureEach(resources, usages);
                return;
            } catch (KernelRefusal refusal) {
                if (!refusal.isGone()) {
                    throw refusal;
                }
            }
            driver.forget(container);
            use(driver.find(name));
            try {
                measureEach(resources, usages);
            } catch (KernelRefusal refusal) {
                throw refusal.isGone() ? driver.whyGone(container, refusal) : refusal;
            }
        }

        private void use(ContainerCgroup found) {
            if (found != container) {
                Arrays.fill(rates, null);
                container = found;
                incomplete = false;
            }
        }

        private void measureEach(Resource[] resources, Usages.Builder usages) {
            boolean atRest = false;
            for (Resource resource : resources) {
                if (resource == Resource.MEMORY) {
                    measureMemory(atRest, usages);
                } else {
                    boolean stoodStill = measureRate(resource, usages);
                    atRest |= stoodStill && resource == Resource.CPU;
                }
                if (signals != null) {
                    signals.tell(container, resource, usages);
                }
            }
        }

        private void measureMemory(boolean atRest, Usages.Builder usages) {
            if (container.memory() == null) {
                incomplete = true;
                return;
            }
            long workingSet = atRest
                    ? container.memory().workingSetAtRest()
                    : container.memory().workingSet();
            usages.add(name, Resource.MEMORY, workingSet / BYTES_PER_MIB);
        }

        /** Whether it was not used at all since the previous call. */
        private boolean measureRate(Resource resource, Usages.Builder usages) {
            UsageRate rate = rates[resource.ordinal()];
            if (rate == null) {
                UsageCounter counter = container.counter(resource);
                if (counter == null) {
                    incomplete = true;
                    return false;
                }
                rate = new UsageRate(resource, counter);
                rates[resource.ordinal()] = rate;
            }
            double usage = rate.since(nanoTime);
            if (!Double.isNaN(usage)) {
                usages.add(name, resource, usage);
            }
            return usage == 0;
        }
    }
}
