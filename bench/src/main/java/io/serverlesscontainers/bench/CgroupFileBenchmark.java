package io.serverlesscontainers.bench;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One read or write of one small file of a version 1 cgroup: by the driver, by a loop in C on a descriptor that it holds
 * too, and by {@link Files}. What the kernel itself takes is the same for all three.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Benchmark)
public class CgroupFileBenchmark {
    private static final int TIMES = 10_000;
    private static final String ONE = "100000";
    private static final String OTHER = "101000";

    private BenchCgroups cgroups;
    private CgroupRoot root;
    private CgroupDirectory directory;
    private CgroupFile driversFile;
    private LoopInC loop;
    private Path path;
    private boolean odd;

    /** Makes a cgroup. */
    @Setup
    public void prepare() {
        cgroups = new BenchCgroups(1);
        String name = cgroups.names().get(0);
        path = cgroups.file("cpu", name, "cpu.cfs_quota_us");
        root = new CgroupRoot.Opener(false).open("/sys/fs/cgroup/cpu");
        directory = root.directory(name);
        driversFile = directory.file("cpu.cfs_quota_us");
        loop = new LoopInC(path);
    }

    /** Removes it. */
    @TearDown
    public void remove() {
        loop.close();
        directory.close();
        root.close();
        cgroups.close();
    }

    /** The driver's way, without making a number of the text. */
    @Benchmark
    public ByteBuffer readByDriver() {
        return driversFile.read();
    }

    /** The same in C. */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long readInC() {
        return loop.read(TIMES);
    }

    /** Opens and closes the file each time. */
    @Benchmark
    public String readByFiles() throws IOException {
        return Files.readString(path);
    }

    /** The driver's way; a new quota each time. */
    @Benchmark
    public void writeByDriver() {
        driversFile.write(next());
    }

    /** The same in C. */
    @Benchmark
    @OperationsPerInvocation(TIMES)
    public long writeInC() {
        return loop.write(ONE + "\n", OTHER + "\n", TIMES);
    }

    /** Opens and closes the file each time. */
    @Benchmark
    public Path writeByFiles() throws IOException {
        return Files.writeString(path, next());
    }

    private String next() {
        odd = !odd;
        return odd ? ONE : OTHER;
    }
}
