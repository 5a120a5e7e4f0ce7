package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** LXC containers of this machine, each a busybox without a network, made for one test and removed at its end. */
final class RealLxc implements AutoCloseable {
    private final Path directory;
    private final List<String> names = new ArrayList<>();

    private RealLxc(Path directory) {
        this.directory = directory;
    }

    /** Skips the test where there is no LXC. */
    static RealLxc require() {
        RealThings.require(new File("/usr/bin/lxc-start").canExecute(), "LXC is needed (package lxc)");
        RealThings.require(new File("/bin/busybox").canExecute(), "busybox is needed (package busybox-static)");
        RealThings.require(Files.isWritable(Path.of("/sys/fs/cgroup")), "root is needed to start containers");
        try {
            return new RealLxc(Files.createTempDirectory("sc-lxc-"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts a container that does nothing, without a network. */
    void start(String name) {
        start(name, "lxc.net.0.type = empty\n");
    }

    /** Starts a container that does nothing, with an interface that one of the host's leads to. */
    void startWithNetwork(String name, String hostInterface) {
        start(name, """
                lxc.net.0.type = veth
                lxc.net.0.veth.pair = %s
                lxc.net.0.name = eth0
                lxc.net.0.flags = up
                """.formatted(hostInterface));
    }

    private void start(String name, String network) {
        try {
            Path rootfs = directory.resolve(name).resolve("rootfs");
            for (String each : List.of("bin", "dev", "proc", "sys")) {
                Files.createDirectories(rootfs.resolve(each));
            }
            Path busybox = rootfs.resolve("bin/busybox");
            if (!Files.exists(busybox)) {
                Files.copy(Path.of("/bin/busybox"), busybox);
                busybox.toFile().setExecutable(true);
                for (String each : List.of("sh", "sleep")) {
                    Files.createSymbolicLink(rootfs.resolve("bin").resolve(each), Path.of("busybox"));
                }
            }
            Files.writeString(directory.resolve(name).resolve("config"), """
                    lxc.uts.name = %s
                    lxc.rootfs.path = dir:%s
                    lxc.init.cmd = /bin/sleep 1000000
                    lxc.apparmor.profile = unconfined
                    lxc.mount.auto = proc:mixed sys:ro
                    """.formatted(name, rootfs) + network);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        names.add(name);
        lxc("lxc-start", name);
    }

    void stop(String name) {
        lxc("lxc-stop", name, "-k");
        names.remove(name);
    }

    /** The process ID of a container's first process. */
    long init(String name) {
        return Long.parseLong(lxc("lxc-info", name, "-pH").strip());
    }

    private String lxc(String command, String name, String... more) {
        var line = new ArrayList<>(List.of(command, "-P", directory.toString(), "-n", name));
        line.addAll(List.of(more));
        try {
            Path output = Files.createTempFile(directory, "out", null);
            // To a file: the monitor inherits the output, and a pipe would never end.
            Process process = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(30, TimeUnit.SECONDS);
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", line) + " failed: " + text);
            }
            return text;
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
