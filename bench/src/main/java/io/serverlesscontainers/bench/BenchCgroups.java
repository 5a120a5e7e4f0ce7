package io.serverlesscontainers.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Version 1 cgroups of this machine, made for one benchmark and removed at its end, or when the JVM ends before that.
 * They hold no process, so their files are as short as such files get. Nothing else is touched.
 */
final class BenchCgroups implements AutoCloseable {
    private static final Path MOUNTED = Path.of("/sys/fs/cgroup");
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuacct", "cpuset", "memory");

    private final List<String> names = new ArrayList<>();
    // A benchmark that throws, or Ctrl-C, does not get as far as its tear-down.
    private final Thread removal = new Thread(this::removeAll);

    /**
     * Makes so many.
     *
     * @throws IllegalStateException if this user may not make version 1 cgroups here
     */
    BenchCgroups(int count) {
        for (String controller : CONTROLLERS) {
            Path root = MOUNTED.resolve(controller);
            if (!Files.isRegularFile(root.resolve("cgroup.procs")) || !Files.isWritable(root)) {
                throw new IllegalStateException(
                        "this benchmark makes version 1 cgroups of its own, so it needs a cgroup" + " hierarchy at "
                                + root + " that it may write to, which mostly means to be root");
            }
        }
        Runtime.getRuntime().addShutdownHook(removal);
        for (int i = 0; i < count; i++) {
            create("sc-bench-" + ProcessHandle.current().pid() + "-" + i);
        }
    }

    private void create(String name) {
        names.add(name);
        try {
            for (String controller : CONTROLLERS) {
                // Where two controllers are mounted together, the second one finds it made.
                Files.createDirectories(file(controller, name, "").normalize());
            }
            for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
                Files.writeString(
                        file("cpuset", name, file),
                        Files.readString(MOUNTED.resolve("cpuset").resolve(file)));
            }
        } catch (IOException failure) {
            throw new IllegalStateException("cannot make cgroup " + name + ": " + failure.getMessage(), failure);
        }
    }

    /** Their names, as a driver knows them. */
    List<String> names() {
        return Collections.unmodifiableList(names);
    }

    /** A file of one of them. */
    Path file(String controller, String name, String file) {
        return MOUNTED.resolve(controller).resolve(name).resolve(file);
    }

    private synchronized void removeAll() {
        for (String name : names) {
            for (String controller : CONTROLLERS) {
                // One that is not there any more is as good as removed.
                MOUNTED.resolve(controller).resolve(name).toFile().delete();
            }
        }
    }

    /** Removes them. */
    @Override
    public void close() {
        removeAll();
        Runtime.getRuntime().removeShutdownHook(removal);
    }
}
