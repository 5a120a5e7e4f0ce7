package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** runc's containers of this machine, each a busybox that sleeps, made for one test and removed at its end. */
final class RealRunc implements AutoCloseable {
    private final Path bundle;
    private final List<String> names = new ArrayList<>();

    private RealRunc(Path bundle) {
        this.bundle = bundle;
    }

    /** Skips the test where there is no runc. */
    static RealRunc require() {
        RealThings.require(new File("/usr/sbin/runc").canExecute(), "runc is needed (package runc)");
        RealThings.require(new File("/bin/busybox").canExecute(), "busybox is needed (package busybox-static)");
        RealThings.require(RealThings.root() && RealThings.writableCgroups(), "root is needed to start containers");
        try {
            return new RealRunc(Files.createTempDirectory("sc-runc-"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts a container in a cgroup at a path below the root of each hierarchy. */
    void start(String name, String cgroup) {
        try {
            Path busybox = bundle.resolve("rootfs/bin/busybox");
            if (!Files.exists(busybox)) {
                Files.createDirectories(busybox.getParent());
                Files.createDirectory(bundle.resolve("rootfs/proc"));
                Files.copy(Path.of("/bin/busybox"), busybox);
                busybox.toFile().setExecutable(true);
            }
            Files.writeString(bundle.resolve("config.json"), """
                    {"ociVersion": "1.0.2",
                     "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/busybox", "sleep", "1000000"]},
                     "root": {"path": "rootfs"},
                     "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
                     "linux": {"cgroupsPath": "/%s", "namespaces": [{"type": "pid"}, {"type": "mount"}]}}
                    """.formatted(cgroup));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        names.add(name);
        runc("run", "-d", "--bundle", bundle.toString(), name);
    }

    void stop(String name) {
        runc("delete", "--force", name);
        names.remove(name);
    }

    private void runc(String... arguments) {
        var line = new ArrayList<>(List.of("/usr/sbin/runc"));
        line.addAll(List.of(arguments));
        try {
            // To a file: the container inherits the output, and a pipe would never end.
            Path output = Files.createTempFile(bundle, "out", null);
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", line) + " failed: " + Files.readString(output));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        for (String name : List.copyOf(names)) {
            stop(name);
        }
        try (Stream<Path> files = Files.walk(bundle)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
