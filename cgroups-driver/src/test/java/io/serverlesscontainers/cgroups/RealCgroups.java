package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.device.DiskFinder;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;

/**
 * Cgroups of this machine, made for one test and removed with all their processes at its end. Nothing else is touched.
 * They are of the version that the machine has; what a test reads and writes by hand is called the same in both.
 */
final class RealCgroups implements AutoCloseable {
    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "cpuset", "memory", "blkio");
    // The CPU time is always counted in version 2.
    private static final List<String> CONTROLLERS_TO_ENABLE = List.of("cpu", "cpuset", "memory", "io");

    private final Version version;
    private final List<String> names = new ArrayList<>();
    private final List<String> many = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private int count;

    private RealCgroups(Version version) {
        this.version = version;
    }

    /** Skips the test where cgroups cannot be made. */
    static RealCgroups require() {
        return Files.exists(MOUNTED.resolve("cgroup.controllers")) ? requireV2() : requireV1();
    }

    /** Skips the test where version 1 cgroups cannot be made. */
    static RealCgroups requireV1() {
        for (String controller : CONTROLLERS) {
            Path root = MOUNTED.resolve(controller);
            RealThings.require(
                    Files.isRegularFile(root.resolve("cgroup.procs")) && Files.isWritable(root),
                    "a writable version 1 cgroup hierarchy is needed at " + root);
        }
        return new RealCgroups(Version.V1);
    }

    /** Skips the test where version 2 cgroups cannot be made. */
    static RealCgroups requireV2() {
        Path enabled = MOUNTED.resolve("cgroup.subtree_control");
        RealThings.require(Files.isWritable(enabled), "a writable version 2 cgroup hierarchy is needed at " + MOUNTED);
        List<String> controllers = List.of(text(enabled).split(" "));
        RealThings.require(
                controllers.containsAll(CONTROLLERS_TO_ENABLE),
                "the controllers " + CONTROLLERS_TO_ENABLE + " are needed in " + enabled + ", not " + controllers);
        return new RealCgroups(Version.V2);
    }

    /**
     * A directory whose disk can be limited, or the test is skipped: where the build is, as a directory for temporary files
     * may lie in memory.
     */
    static Path requireDisk() {
        Path here = Path.of("").toAbsolutePath();
        try {
            new DiskFinder(Path.of("/"), Path.of("/proc")).find(here);
        } catch (CgroupException none) {
            RealThings.require(false, "a disk that can be limited is needed: " + none.getMessage());
        }
        return here;
    }

    /** Their version, the same for all. */
    Version version() {
        return version;
    }

    /** A fresh cgroup in every hierarchy; the name can be told from everybody else's. */
    String create() {
        return create("sc-test-" + ProcessHandle.current().pid() + "-" + count++);
    }

    /** A cgroup of this name in every hierarchy. */
    String create(String name) {
        try {
            for (Path directory : directories(name)) {
                Files.createDirectory(directory);
            }
            names.add(name);
            if (version == Version.V1) {
                fillCpuset(directory("cpuset", name));
            }
            return name;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** So many cgroups, which only count: in version 1 they are in no hierarchy but those of CPU time and memory. */
    List<String> createMany(int howMany) {
        for (int i = 0; i < howMany; i++) {
            String name = "sc-many-" + ProcessHandle.current().pid() + "-" + many.size();
            try {
                for (Path directory :
                        new LinkedHashSet<>(List.of(directory("cpuacct", name), directory("memory", name)))) {
                    Files.createDirectory(directory);
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            } finally {
                many.add(name);
            }
        }
        return Collections.unmodifiableList(many);
    }

    /** In version 1 it is empty at first, and nobody may enter. */
    private static void fillCpuset(Path cpuset) throws IOException {
        for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
            Files.writeString(
                    cpuset.resolve(file), Files.readString(cpuset.getParent().resolve(file)));
        }
    }

    /** Version 2: lets the controllers work in the cgroups below; there may be no process in this one. */
    void enableControllersBelow(String name) {
        for (String controller : CONTROLLERS_TO_ENABLE) {
            write(controller, name, "cgroup.subtree_control", "+" + controller);
        }
    }

    /** Starts a program inside, from its first instruction on; what it complains of is not read. */
    Process start(String name, List<String> command) {
        var inside = new ArrayList<>(List.of("sh", "-c", entering(name) + "exec \"$@\"", "sh"));
        inside.addAll(command);
        try {
            Process process = new ProcessBuilder(inside)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            processes.add(process);
            return process;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String entering(String name) {
        var script = new StringBuilder();
        for (Path directory : directories(name)) {
            script.append("echo $$ > ").append(directory).append("/cgroup.procs && ");
        }
        return script.toString();
    }

    /** Runs a shell command inside, from its first instruction on. */
    void run(String name, String command) {
        try {
            processes.add(new ProcessBuilder("sh", "-c", entering(name) + "exec sh -c '" + command + "'")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Uses up all CPU time that it can get, on two CPUs. */
    void burnCpu(String name) {
        run(name, "while :; do :; done & while :; do :; done");
    }

    /** Holds so much anonymous memory: dd reads all of it before it writes, and then nobody takes it. */
    void holdMemory(String name, int mib) {
        run(name, "dd if=/dev/zero bs=" + mib + "M count=1 | sleep 1000");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> charged(name) >= (long) mib << 20);
    }

    /** The CPU quota in µs, or how this version says that there is none. */
    String quota(String name) {
        return version == Version.V1
                ? read("cpu", name, "cpu.cfs_quota_us")
                : read("cpu", name, "cpu.max").split(" ")[0];
    }

    /** Sets the CPU quota in µs by hand. */
    void setQuota(String name, String quota) {
        write("cpu", name, version == Version.V1 ? "cpu.cfs_quota_us" : "cpu.max", quota);
    }

    /** The memory limit in bytes, or how this version says that there is none. */
    String memoryLimit(String name) {
        return read("memory", name, memoryLimitFile());
    }

    /** Sets the memory limit by hand. */
    void setMemoryLimit(String name, String limit) {
        write("memory", name, memoryLimitFile(), limit);
    }

    private String memoryLimitFile() {
        return version == Version.V1 ? "memory.limit_in_bytes" : "memory.max";
    }

    /** The limits of writing to disks, in bytes per second among others. */
    String diskWriteLimit(String name) {
        return read("blkio", name, version == Version.V1 ? "blkio.throttle.write_bps_device" : "io.max");
    }

    /** The memory charged, in bytes. */
    long charged(String name) {
        String file = version == Version.V1 ? "memory.usage_in_bytes" : "memory.current";
        return Long.parseLong(read("memory", name, file));
    }

    /** How many processes were killed because they needed more memory than the limit. */
    long kills(String name) {
        return field(read("memory", name, version == Version.V1 ? "memory.oom_control" : "memory.events"), "oom_kill");
    }

    /** CPU time used, in nanoseconds. */
    long cpuNanoseconds(String name) {
        return version == Version.V1
                ? Long.parseLong(read("cpuacct", name, "cpuacct.usage"))
                : 1000 * field(read("cpu", name, "cpu.stat"), "usage_usec");
    }

    private static long field(String text, String key) {
        return text.lines()
                .filter(line -> line.startsWith(key + " "))
                .mapToLong(line -> Long.parseLong(line.substring(key.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    String read(String controller, String name, String file) {
        return text(directory(controller, name).resolve(file));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void write(String controller, String name, String file, String value) {
        try {
            Files.writeString(directory(controller, name).resolve(file), value);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where a controller has this cgroup; in version 2 they share one directory. */
    Path directory(String controller, String name) {
        return version == Version.V1 ? MOUNTED.resolve(controller).resolve(name) : MOUNTED.resolve(name);
    }

    private Set<Path> directories(String name) {
        var directories = new LinkedHashSet<Path>();
        CONTROLLERS.forEach(controller -> directories.add(directory(controller, name)));
        return directories;
    }

    /** Kills what runs in the cgroup, and waits for its end. */
    void kill(String name) {
        for (String pid : read("cpu", name, "cgroup.procs").lines().toList()) {
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> {
                process.destroyForcibly();
                process.onExit().join();
            });
        }
    }

    /** Kills what runs in the cgroup and removes it from every hierarchy. */
    void remove(String name) {
        for (Path directory : directories(name)) {
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        if (!Files.exists(directory)) {
                            return true;
                        }
                        for (String pid : Files.readAllLines(directory.resolve("cgroup.procs"))) {
                            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
                        }
                        return directory.toFile().delete();
                    });
        }
        names.remove(name);
    }

    @Override
    public void close() {
        for (String name : many) {
            // Nobody is inside; in version 2 the second one is gone already.
            directory("cpuacct", name).toFile().delete();
            directory("memory", name).toFile().delete();
        }
        for (int last = names.size() - 1; last >= 0; last--) {
            remove(names.get(last));
        }
        processes.forEach(Process::destroyForcibly);
    }
}
