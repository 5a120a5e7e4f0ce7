package io.serverlesscontainers.bench;

import io.serverlesscontainers.cgroups.CgroupMetricSource;
import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to ask the kernel about containers, and to tell it their limits: through the driver, which holds files
 * open, and through {@link Files}, which opens and closes them each time. Both read or write the same files of the same
 * version 1 cgroups.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CgroupBenchmark {

    /** One container. */
    @State(Scope.Benchmark)
    public static class OneContainer {
        private BenchCgroups cgroups;
        private KernelCgroupDriver driver;
        private CgroupMetricSource source;
        private String name;
        private UsageQuery cpuTime;
        private UsageQuery memory;
        private List<Path> limitFiles;
        private Path cpuTimeFile;
        private List<Path> memoryFiles;
        private Path quotaFile;
        private long shares;

        /** Makes it, and limits it. */
        @Setup
        public void prepare() {
            cgroups = new BenchCgroups(1);
            driver = Cgroups.detect();
            source = new CgroupMetricSource(driver);
            name = cgroups.names().get(0);
            driver.apply(name, LimitChange.to(Resource.CPU, 100));
            driver.apply(name, LimitChange.to(Resource.MEMORY, 256));
            cpuTime = query(cgroups.names(), Resource.CPU);
            memory = query(cgroups.names(), Resource.MEMORY);
            quotaFile = cgroups.file("cpu", name, "cpu.cfs_quota_us");
            limitFiles = List.of(
                    cgroups.file("cpu", name, "cpu.cfs_period_us"),
                    quotaFile,
                    cgroups.file("cpuset", name, "cpuset.cpus"),
                    cgroups.file("memory", name, "memory.limit_in_bytes"));
            cpuTimeFile = cgroups.file("cpuacct", name, "cpuacct.usage");
            memoryFiles = List.of(
                    cgroups.file("memory", name, "memory.usage_in_bytes"), cgroups.file("memory", name, "memory.stat"));
        }

        /** Removes it. */
        @TearDown
        public void remove() {
            source.close();
            driver.close();
            cgroups.close();
        }

        /** A limit that is not the one before. */
        private long nextShares() {
            shares = shares == 100 ? 101 : 100;
            return shares;
        }
    }

    /** All containers of a host. */
    @State(Scope.Benchmark)
    public static class Host {
        /** How many containers it has. */
        @Param({"1000", "10000"})
        public int containers;

        private BenchCgroups cgroups;
        private KernelCgroupDriver driver;
        private CgroupMetricSource source;
        private UsageQuery everything;
        private UsageQuery cpu;
        private UsageQuery memory;

        /** Makes them. */
        @Setup
        public void prepare() {
            cgroups = new BenchCgroups(containers);
            driver = Cgroups.detect();
            source = new CgroupMetricSource(driver);
            everything = query(cgroups.names(), Resource.CPU, Resource.MEMORY);
            cpu = query(cgroups.names(), Resource.CPU);
            memory = query(cgroups.names(), Resource.MEMORY);
        }

        /** Removes them. */
        @TearDown
        public void remove() {
            source.close();
            driver.close();
            cgroups.close();
        }
    }

    private static UsageQuery query(List<String> names, Resource... resources) {
        return new UsageQuery(
                Structure.Subtype.CONTAINER, names, Set.of(resources), Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
    }

    /** Quota, period, CPUs and memory limit: four files. */
    @Benchmark
    public ContainerLimits limitsThroughDriver(OneContainer container) {
        return container.driver.limits(container.name);
    }

    /** The same files. */
    @Benchmark
    public void limitsThroughFiles(OneContainer container, Blackhole sink) throws IOException {
        read(container.limitFiles, sink);
    }

    /** CPU time: one file. */
    @Benchmark
    public Usages cpuTimeThroughSource(OneContainer container) {
        return container.source.usage(container.cpuTime);
    }

    /** The same file. */
    @Benchmark
    public String cpuTimeThroughFiles(OneContainer container) throws IOException {
        return Files.readString(container.cpuTimeFile);
    }

    /** Memory in use: two files. */
    @Benchmark
    public Usages memoryThroughSource(OneContainer container) {
        return container.source.usage(container.memory);
    }

    /** The same files. */
    @Benchmark
    public void memoryThroughFiles(OneContainer container, Blackhole sink) throws IOException {
        read(container.memoryFiles, sink);
    }

    /** A new quota each time: quota and period are read before the write and after it. */
    @Benchmark
    public LimitOutcome quotaThroughDriver(OneContainer container) {
        return container.driver.apply(container.name, LimitChange.to(Resource.CPU, container.nextShares()));
    }

    /** A new quota each time, written blindly. */
    @Benchmark
    public Path quotaThroughFiles(OneContainer container) throws IOException {
        return Files.writeString(container.quotaFile, container.nextShares() * 1000 + "\n");
    }

    /** CPU and memory of every container, all of which are at rest: one window of a Guardian. */
    @Benchmark
    public Usages sample(Host host) {
        return all(host.source.usage(host.everything), host);
    }

    /** CPU, then memory, asked for one after the other: nothing tells the source that the containers are at rest. */
    @Benchmark
    public void sampleAsIfRunning(Host host, Blackhole sink) {
        sink.consume(host.source.usage(host.cpu));
        sink.consume(all(host.source.usage(host.memory), host));
    }

    private static Usages all(Usages usages, Host host) {
        if (usages.structures() != host.containers) {
            throw new IllegalStateException(
                    usages.structures() + " of " + host.containers + " containers were measured: " + usages.problems());
        }
        return usages;
    }

    private static void read(List<Path> files, Blackhole sink) throws IOException {
        for (Path file : files) {
            sink.consume(Files.readString(file));
        }
    }
}
