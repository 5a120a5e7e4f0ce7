package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An LXD of its own, with instances that sleep, started for one test and removed with all that it made at its end. */
final class RealLxd implements AutoCloseable {
    private static final String IMAGE = "sleeper";

    private final Path directory;
    private final List<List<String>> instances = new ArrayList<>();
    private Process daemon;

    private RealLxd(Path directory) {
        this.directory = directory;
    }

    /** Starts it; skips the test where there is no LXD. */
    static RealLxd require() {
        for (String program : List.of("/usr/bin/lxd", "/usr/bin/lxc", "/usr/bin/unsquashfs")) {
            RealThings.require(
                    new File(program).canExecute(), program + " is needed (packages lxd, lxd-client, squashfs-tools)");
        }
        RealThings.require(new File("/bin/busybox").canExecute(), "busybox is needed (package busybox-static)");
        RealThings.require(RealThings.root() && RealThings.writableCgroups(), "root is needed to start containers");
        try {
            var lxd = new RealLxd(Files.createTempDirectory("sc-lxd-"));
            try {
                lxd.begin();
                return lxd;
            } catch (IOException | RuntimeException failure) {
                lxd.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void begin() throws IOException {
        Files.createDirectory(directory.resolve("lxd"));
        // The root of an instance is nobody outside, and must get at its files.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        daemon = builder(List.of("lxd", "--group", "root")).start();
        run("lxd", "waitready", "--timeout=60");
        Path preseed = Files.writeString(directory.resolve("preseed"), """
                storage_pools: [{name: default, driver: dir}]
                profiles: [{name: default, devices: {root: {type: disk, path: /, pool: default}}}]
                """);
        run(builder(List.of("lxd", "init", "--preseed")).redirectInput(preseed.toFile()));
        Path rootfs = directory.resolve("image/rootfs");
        for (String each : List.of("bin", "sbin", "dev", "proc", "sys", "etc", "tmp", "run")) {
            Files.createDirectories(rootfs.resolve(each));
        }
        Path busybox = Files.copy(Path.of("/bin/busybox"), rootfs.resolve("bin/busybox"));
        Path init =
                Files.writeString(rootfs.resolve("sbin/init"), "#!/bin/busybox sh\nexec /bin/busybox sleep 1000000\n");
        for (Path program : List.of(busybox, init)) {
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(
                directory.resolve("image/metadata.yaml"), "architecture: x86_64\ncreation_date: 1700000000\n");
        run("tar", "-C", directory + "/image", "-czf", directory + "/image.tar.gz", "metadata.yaml", "rootfs");
        run("lxc", "image", "import", directory + "/image.tar.gz", "--alias", IMAGE);
    }

    /** Makes a project that shares the image with the default one. */
    void createProject(String project) {
        run("lxc", "project", "create", project, "-c", "features.images=false", "-c", "features.profiles=false");
    }

    /** Starts an instance; the first project is called {@code default}. */
    void launch(String project, String name) {
        instances.add(List.of(project, name));
        run("lxc", "launch", "--quiet", IMAGE, name, "--project", project);
    }

    void delete(String project, String name) {
        run("lxc", "delete", "--force", name, "--project", project);
        instances.remove(List.of(project, name));
    }

    private ProcessBuilder builder(List<String> line) throws IOException {
        // To files: what is started may outlive the program and never close a pipe.
        var builder = new ProcessBuilder(line)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Files.createTempFile(directory, "out", null).toFile());
        builder.environment().put("LXD_DIR", directory + "/lxd");
        builder.environment().put("LXD_CONF", directory + "/client");
        builder.environment().put("HOME", directory.toString());
        return builder;
    }

    private void run(String... line) {
        try {
            run(builder(List.of(line)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void run(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        if (!ends(process) || process.exitValue() != 0) {
            throw new IllegalStateException(String.join(" ", builder.command()) + " failed: "
                    + Files.readString(
                            Objects.requireNonNull(builder.redirectOutput().file())
                                    .toPath()));
        }
    }

    private static boolean ends(Process process) {
        try {
            return process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        try {
            for (List<String> instance : List.copyOf(instances)) {
                delete(instance.get(0), instance.get(1));
            }
        } finally {
            if (daemon != null) {
                daemon.destroy();
                ends(daemon);
            }
        }
        // LXC leaves this one behind; where it is in use it cannot be removed.
        for (File hierarchy : Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles(File::isDirectory))) {
            new File(hierarchy, "lxc.pivot").delete();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
