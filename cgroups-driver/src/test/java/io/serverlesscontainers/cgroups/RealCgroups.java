package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * Version 1 cgroups of this machine, made for one test and removed with all their processes at its end. Nothing else is
 * touched.
 */
final class RealCgroups implements AutoCloseable {
    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "cpuset", "memory");

    private final List<String> names = new ArrayList<>();
    private final List<Process> processes = new ArrayList<>();
    private int count;

    private RealCgroups() {}

    /** Skips the test where version 1 cgroups cannot be made. */
    static RealCgroups require() {
        for (String controller : CONTROLLERS) {
            Path root = MOUNTED.resolve(controller);
            RealThings.require(
                    Files.isRegularFile(root.resolve("cgroup.procs")) && Files.isWritable(root),
                    "a writable version 1 cgroup hierarchy is needed at " + root);
        }
        return new RealCgroups();
    }

    /** A fresh cgroup in every hierarchy; the name can be told from everybody else's. */
    String create() {
        return create("sc-test-" + ProcessHandle.current().pid() + "-" + count++);
    }

    /** A cgroup of this name in every hierarchy. */
    String create(String name) {
        try {
            for (String controller : CONTROLLERS) {
                Files.createDirectory(directory(controller, name));
            }
            names.add(name);
            Path cpuset = directory("cpuset", name);
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                Files.writeString(
                        cpuset.resolve(file),
                        Files.readString(cpuset.getParent().resolve(file)));
            }
            return name;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Runs a shell command inside, from its first instruction on. */
    void run(String name, String command) {
        var script = new StringBuilder();
        for (String controller : CONTROLLERS) {
            script.append("echo $$ > ").append(directory(controller, name)).append("/cgroup.procs && ");
        }
        try {
            processes.add(new ProcessBuilder("sh", "-c", script + "exec sh -c '" + command + "'")
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

    /** Holds so much anonymous memory: tail keeps a line until it ends, and this one does not. */
    void holdMemory(String name, int mib) {
        run(name, "(head -c " + mib + "M /dev/zero; exec sleep 1000) | tail");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> Long.parseLong(read("memory", name, "memory.usage_in_bytes")) >= (long) mib << 20);
    }

    String read(String controller, String name, String file) {
        try {
            return Files.readString(directory(controller, name).resolve(file)).strip();
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

    Path directory(String controller, String name) {
        return MOUNTED.resolve(controller).resolve(name);
    }

    /** Kills what runs in the cgroup and removes it from every hierarchy. */
    void remove(String name) {
        for (String controller : CONTROLLERS) {
            Path directory = directory(controller, name);
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
        for (int last = names.size() - 1; last >= 0; last--) {
            remove(names.get(last));
        }
        processes.forEach(Process::destroyForcibly);
    }
}
