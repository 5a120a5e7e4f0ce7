package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.SplitCounter;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Writes what the containers of a host use into time series, under the names that a monitoring agent inside them gives:
 * with it, no such agent is needed. The tag {@code host} is the container's name.
 *
 * <table>
 * <caption>What is written for each container</caption>
 * <tr><th>Metric</th><th>Value</th></tr>
 * <tr><td>{@code proc.cpu.user}, {@code proc.cpu.kernel}</td><td>CPU time in user and in kernel mode, in shares (100 is
 * one core); their sum is the CPU usage</td></tr>
 * <tr><td>{@code proc.mem.resident}</td><td>memory in use, in MiB: the working set</td></tr>
 * <tr><td>{@code proc.mem.virtual}</td><td>the address spaces of all processes, in MiB</td></tr>
 * <tr><td>{@code proc.disk.reads.mb}, {@code proc.disk.writes.mb}</td><td>MiB/s, on the disk that the driver
 * {@linkplain Cgroups.Builder#disk limits}</td></tr>
 * <tr><td>{@code proc.net.tcp.in.mb}, {@code proc.net.tcp.out.mb}</td><td>Mbit/s received and sent, whatever the
 * protocol, if the driver {@linkplain Cgroups.Builder#network looks after the network}</td></tr>
 * </table>
 *
 * <p>Memory, disk, and the sums of both kinds of CPU time and of both directions of the network, are what a
 * {@link CgroupMetricSource} tells for the same time: whoever reads them from the database decides as one who reads the
 * counters. For memory that means the working set and not the resident set ({@code VmRSS}) that the name speaks of; that
 * would count shared pages once for each process, and leave out files in memory and what the kernel holds for the
 * container. Virtual memory is told for people and for programs that ask for the name; nothing is decided by it. As every
 * process has to be looked at for it, it is measured in every eighth run, and told again in between.
 *
 * <p>Rates are means since the previous run, so the first run for a container writes its memory alone, and so does the
 * first one after it was started again. A counter that did not move is a 0. What cannot be measured is not written: disk
 * and network where the driver does not look after them, and network where a container has none of its own; a 0 there
 * would be taken for an idle container. But programs ask for all of these metrics in one question, and a database answers
 * none of it if it has never heard of one of the names. So the first run also writes one 0 of each for a container
 * {@code metrics-feeder}, which makes the names known and is nobody's usage.
 *
 * <p>Containers come and go between runs: all that the driver {@linkplain KernelCgroupDriver#containers() finds} are
 * measured, but for services and scopes of systemd. They are looked for at each run, as long as that takes less than a
 * fiftieth of the time between two of them, and less often otherwise: with a thousand containers about twice a minute.
 * One that has ended is no problem. Or the program says which there are.
 *
 * <p>The tag is what people call the container, if the driver finds that out, else its ID; of two that are called the same
 * it is the ID.
 *
 * <p>Each {@link #runOnce()} is one sample of each container, and one write. One thread at a time may call it.
 */
public final class MetricsFeeder implements AutoCloseable {
    /** Under this name each metric gets its first value. */
    static final String NOBODY = "metrics-feeder";

    static final String CPU_USER = "proc.cpu.user";
    static final String CPU_KERNEL = "proc.cpu.kernel";
    static final String MEMORY_RESIDENT = "proc.mem.resident";
    static final String MEMORY_VIRTUAL = "proc.mem.virtual";
    static final String DISK_READS = "proc.disk.reads.mb";
    static final String DISK_WRITES = "proc.disk.writes.mb";
    static final String NET_IN = "proc.net.tcp.in.mb";
    static final String NET_OUT = "proc.net.tcp.out.mb";

    static final List<String> METRICS =
            List.of(CPU_USER, CPU_KERNEL, MEMORY_RESIDENT, MEMORY_VIRTUAL, DISK_READS, DISK_WRITES, NET_IN, NET_OUT);

    private static final double BYTES_PER_MIB = 1 << 20;
    private static final int RUNS_PER_VIRTUAL = 8;

    private final KernelCgroupDriver driver;
    private final TimeSeriesWriter writer;
    private final Optional<Supplier<? extends Collection<String>>> chosen;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final RunningContainers running;
    private final CgroupMetricSource source;
    private final VirtualMemory virtualMemory;
    private final Set<Resource> resources = EnumSet.of(Resource.MEMORY);
    private final Map<String, Fed> containers = new HashMap<>();
    private boolean namesAreKnown;

    /** Feeds a writer with the usage of all containers that a driver finds. It closes neither. */
    public MetricsFeeder(KernelCgroupDriver driver, TimeSeriesWriter writer) {
        this(driver, writer, Optional.empty(), Clock.systemUTC(), System::nanoTime);
    }

    /** The same of containers with these names, asked for at each run. One that is missing then is a problem. */
    public MetricsFeeder(
            KernelCgroupDriver driver, TimeSeriesWriter writer, Supplier<? extends Collection<String>> names) {
        this(driver, writer, Optional.of(names), Clock.systemUTC(), System::nanoTime);
    }

    MetricsFeeder(
            KernelCgroupDriver driver,
            TimeSeriesWriter writer,
            Optional<Supplier<? extends Collection<String>>> chosen,
            Clock clock,
            LongSupplier nanoTime) {
        this.driver = Objects.requireNonNull(driver, "driver");
        this.writer = Objects.requireNonNull(writer, "writer");
        this.chosen = chosen;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.running = new RunningContainers(driver, nanoTime);
        this.source = new CgroupMetricSource(driver, nanoTime);
        this.virtualMemory = new VirtualMemory(driver.proc());
        for (Resource disk : List.of(Resource.DISK_READ, Resource.DISK_WRITE)) {
            if (driver.resources().contains(disk)) {
                resources.add(disk);
            }
        }
    }

    /**
     * What one run wrote.
     *
     * @param containers how many containers it was about
     * @param points how many values
     * @param problems containers that could not be measured, one sentence each, when it begins
     */
    public record Feeding(int containers, int points, List<Problem> problems) {
        /** Copies the list. */
        public Feeding {
            problems = List.copyOf(problems);
        }
    }

    /**
     * One run.
     *
     * @throws CgroupException if the driver is closed
     */
    public Feeding runOnce() {
        Set<String> names = new HashSet<>(chosen.isPresent() ? chosen.get().get() : running.names());
        Instant now = clock.instant();
        Usages usages =
                source.usage(new UsageQuery(Structure.Subtype.CONTAINER, List.copyOf(names), resources, now, now));
        var run = new Run(now, usages);
        List<Problem> problems = new ArrayList<>(usages.problems());
        if (chosen.isEmpty()) {
            dropEnded(names, problems);
        }
        containers.keySet().retainAll(names);
        for (String name : names) {
            containers.computeIfAbsent(name, Fed::new).measure(run).ifPresent(problems::add);
        }
        if (!namesAreKnown) {
            var nobody = Map.of("host", NOBODY);
            METRICS.forEach(metric -> run.add(metric, nobody, 0));
            namesAreKnown = true;
        }
        writer.write(run.points);
        return new Feeding(names.size(), run.points.size(), problems);
    }

    /** Those that were found a while ago and are there no more. */
    private void dropEnded(Set<String> names, List<Problem> problems) {
        Set<String> subjects = new HashSet<>();
        names.removeIf(name -> {
            boolean ended = !driver.knows(name) && isMissing(name);
            if (ended) {
                running.forget(name);
                subjects.add(CgroupMetricSource.subject(name));
            }
            return ended;
        });
        problems.removeIf(problem -> subjects.contains(problem.subject()));
    }

    private boolean isMissing(String name) {
        try {
            driver.find(name);
            return false;
        } catch (MissingContainerException missing) {
            return true;
        } catch (CgroupException another) {
            return false;
        }
    }

    /** Lets go of what was measured; the driver and the writer stay open. */
    @Override
    public void close() {
        source.close();
        containers.clear();
    }

    /** What one run has gathered. */
    private static final class Run {
        private final Instant now;
        private final Usages usages;
        private final List<DataPoint> points = new ArrayList<>();

        Run(Instant now, Usages usages) {
            this.now = now;
            this.usages = usages;
        }

        void add(String metric, Map<String, String> tags, double value) {
            if (!Double.isNaN(value)) {
                points.add(new DataPoint(metric, tags, now, value));
            }
        }
    }

    /** One container, and what was read of it in the previous run. */
    private final class Fed {
        private final String name;
        private final Map<String, String> tags;
        private SplitRate cpu;
        private SplitRate net;
        private double virtualMiB = Double.NaN;
        private int runsUntilVirtual;
        private boolean inTrouble;

        Fed(String name) {
            this.name = name;
            this.tags = Map.of("host", name);
        }

        /** The trouble with it, if it has just begun. */
        Optional<Problem> measure(Run run) {
            run.add(MEMORY_RESIDENT, tags, run.usages.orNaN(name, Resource.MEMORY));
            run.add(DISK_READS, tags, run.usages.orNaN(name, Resource.DISK_READ));
            run.add(DISK_WRITES, tags, run.usages.orNaN(name, Resource.DISK_WRITE));
            if (!driver.knows(name)) {
                // The source has said so.
                forget();
                return Optional.empty();
            }
            try {
                ContainerCgroup container = driver.find(name);
                cpu = tell(Resource.CPU, container, cpu, CPU_USER, CPU_KERNEL, run);
                net = tell(Resource.NET, container, net, NET_IN, NET_OUT, run);
                run.add(MEMORY_VIRTUAL, tags, virtualMiB(container));
                inTrouble = false;
                return Optional.empty();
            } catch (CgroupException trouble) {
                forget();
                boolean ended = trouble instanceof MissingContainerException
                        || trouble instanceof KernelRefusal refusal && refusal.isGone();
                boolean isNews = !inTrouble && !ended;
                inTrouble = !ended;
                return isNews
                        ? Optional.of(new Problem(CgroupMetricSource.subject(name), trouble.getMessage()))
                        : Optional.empty();
            }
        }

        private void forget() {
            cpu = null;
            net = null;
            virtualMiB = Double.NaN;
        }

        private double virtualMiB(ContainerCgroup container) {
            if (runsUntilVirtual == 0 || Double.isNaN(virtualMiB)) {
                long bytes = virtualMemory.bytes(container.paths());
                boolean isFirst = Double.isNaN(virtualMiB);
                virtualMiB = bytes == KernelText.ABSENT ? Double.NaN : bytes / BYTES_PER_MIB;
                // Those that were measured together for the first time are not from then on.
                runsUntilVirtual = isFirst ? Math.floorMod(name.hashCode(), RUNS_PER_VIRTUAL) : RUNS_PER_VIRTUAL;
            }
            runsUntilVirtual = Math.max(0, runsUntilVirtual - 1);
            return virtualMiB;
        }

        /** The rate to go on with. */
        private SplitRate tell(
                Resource resource, ContainerCgroup container, SplitRate before, String part, String rest, Run run) {
            if (!(container.counter(resource) instanceof SplitCounter counter)) {
                return null;
            }
            SplitRate rate = before != null && before.isOf(counter) ? before : new SplitRate(resource, counter);
            if (rate.read(nanoTime)) {
                run.add(part, tags, rate.part());
                run.add(rest, tags, rate.rest());
            }
            return rate;
        }
    }
}
