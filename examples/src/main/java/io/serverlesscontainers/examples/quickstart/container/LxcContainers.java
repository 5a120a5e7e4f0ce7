package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * LXC containers on a busybox root, without network, with the host's programs mounted read-only. Needs root, LXC and a
 * static busybox.
 *
 * <p>A container's first process waits for a pipe that this JVM holds open. When the JVM dies, however it dies, the
 * kernel closes the pipe and the container ends by itself.
 */
public final class LxcContainers implements DemoContainers {
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr"), Path.of("/lib"), Path.of("/lib64"));
    // Distributions keep parts of their JDKs there.
    private static final Path SETTINGS = Path.of("/etc");
    private static final String PIPE = "alive";
    private static final String INIT = "init";
    private static final String READY = "ready";
    private static final int PATIENCE_SECONDS = 20;

    private final Set<Path> hierarchies;
    private final List<Path> visible;
    private final Set<Path> pivotsOfOthers = new LinkedHashSet<>();
    private final Map<String, RandomAccessFile> running = new LinkedHashMap<>();
    private final Set<String> begun = new LinkedHashSet<>();
    private Path home;
    private boolean closed;

    /**
     * Containers on this host.
     *
     * @param visible files and directories that processes inside must see, at the same path, read-only
     */
    public LxcContainers(List<Path> visible) {
        this.hierarchies = CgroupMounts.read(CgroupMounts.MOUNT_INFO).all();
        this.visible = List.copyOf(visible);
        hierarchies.stream()
                .map(hierarchy -> hierarchy.resolve("lxc.pivot"))
                .filter(Files::exists)
                .forEach(pivotsOfOthers::add);
    }

    /** Why this is not possible on this host, in one sentence; empty if it is. */
    public static Optional<String> obstacle() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("LXC containers need root, this is " + System.getProperty("user.name"));
        }
        if (Programs.find("lxc-start").isEmpty() || Programs.find("lxc-attach").isEmpty()) {
            return Optional.of("LXC is not installed; on Debian it is the package lxc");
        }
        if (Programs.find("busybox").isEmpty()) {
            return Optional.of("busybox is not installed; on Debian it is the package busybox-static");
        }
        return PlainCgroupContainers.obstacle();
    }

    @Override
    public synchronized void create(String name) throws IOException {
        ContainerNames.checked(name);
        refuseIfClosed();
        Optional<String> obstacle = obstacle();
        if (obstacle.isPresent()) {
            throw new IOException(obstacle.get());
        }
        for (Path hierarchy : hierarchies) {
            refuseIfThere(hierarchy.resolve("lxc.payload." + name));
            refuseIfThere(hierarchy.resolve("lxc.monitor." + name));
        }
        begun.add(name);
        Path root = layOut(name);
        var pipe = new RandomAccessFile(root.resolve(PIPE).toFile(), "rw");
        running.put(name, pipe);
        Programs.run(PATIENCE_SECONDS, "lxc-start", "-P", home(), "-n", name, "-o", log(name), "-l", "ERROR");
        awaitReady(name, root.resolve(READY));
    }

    @Override
    public synchronized Process run(String name, List<String> command) throws IOException {
        refuseIfClosed();
        if (!running.containsKey(name)) {
            throw new IllegalStateException("there is no container '" + name + "'");
        }
        List<String> attaching = new ArrayList<>(List.of("lxc-attach", "-P", home(), "-n", name, "--"));
        attaching.addAll(command);
        return new ProcessBuilder(attaching)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException left = null;
        for (String name : begun) {
            try {
                stop(name);
            } catch (IOException stillThere) {
                left = stillThere;
            }
        }
        begun.clear();
        try {
            removePivots();
            removeHome();
        } catch (IOException stillThere) {
            left = stillThere;
        }
        if (left != null) {
            throw left;
        }
    }

    private void stop(String name) throws IOException {
        if (letGo(name)) {
            new ProcessBuilder("lxc-stop", "-P", home(), "-n", name, "-k")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .exceptionally(tooSlow -> null)
                    .join();
        }
        for (Path hierarchy : hierarchies) {
            new CgroupDirectory(hierarchy.resolve("lxc.payload." + name)).remove();
            new CgroupDirectory(hierarchy.resolve("lxc.monitor." + name)).remove();
        }
    }

    /** Waits until the first process has opened the pipe: before that it would not notice that the pipe is closed. */
    private static void awaitReady(String name, Path ready) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(ready)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "LXC container '" + name + "' did not start within " + PATIENCE_SECONDS + " seconds");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Closes the pipe that keeps a container alive, and tells whether it was open. */
    synchronized boolean letGo(String name) throws IOException {
        RandomAccessFile pipe = running.remove(name);
        if (pipe != null) {
            pipe.close();
        }
        return pipe != null;
    }

    /** LXC leaves an empty {@code lxc.pivot} in each hierarchy; one that was there before, or is in use, stays. */
    private void removePivots() {
        for (Path hierarchy : hierarchies) {
            Path pivot = hierarchy.resolve("lxc.pivot");
            if (home != null && !pivotsOfOthers.contains(pivot)) {
                new CgroupDirectory(pivot).removeIfUnused(); // the monitors of our containers pass through it last
            }
        }
    }

    /** The container's directory: configuration and root file system. */
    private Path layOut(String name) throws IOException {
        Path directory = Files.createDirectory(Path.of(home()).resolve(name));
        Path root = Files.createDirectory(directory.resolve("rootfs"));
        for (String folder : List.of("bin", "dev", "proc", "sys", "tmp")) {
            Files.createDirectory(root.resolve(folder));
        }
        Path busybox = Path.of(Programs.find("busybox").orElseThrow());
        Files.copy(busybox, root.resolve("bin/busybox"));
        Files.setPosixFilePermissions(root.resolve("bin/busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(root.resolve("bin/sh"), Path.of("busybox"));
        Programs.run(
                PATIENCE_SECONDS,
                busybox.toString(),
                "mkfifo",
                root.resolve(PIPE).toString());
        Files.writeString(root.resolve(INIT), "#!/bin/sh\nexec < /" + PIPE + "\n: > /" + READY + "\nread -r nothing\n");
        Files.setPosixFilePermissions(root.resolve(INIT), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(directory.resolve("config"), configuration(name, root));
        return root;
    }

    private String configuration(String name, Path root) {
        var configuration = new StringBuilder();
        configuration
                .append("lxc.uts.name = " + name + "\n")
                .append("lxc.rootfs.path = dir:" + root + "\n")
                .append("lxc.init.cmd = /" + INIT + "\n")
                .append("lxc.apparmor.profile = unconfined\n")
                .append("lxc.mount.auto = proc:mixed sys:ro\n")
                .append("lxc.net.0.type = empty\n");
        for (Path path : mounted()) {
            String escaped = path.toString().replace("\\", "\\134").replace(" ", "\\040");
            configuration.append("lxc.mount.entry = " + escaped + " " + escaped.substring(1) + " none bind,ro,create="
                    + (Files.isDirectory(path) ? "dir" : "file") + " 0 0\n");
        }
        return configuration.toString();
    }

    private Set<Path> mounted() {
        Set<Path> mounted = new LinkedHashSet<>();
        Stream.concat(PROGRAMS.stream(), Stream.of(SETTINGS))
                .filter(Files::isDirectory)
                .forEach(mounted::add);
        visible.stream()
                .map(path -> path.toAbsolutePath().normalize())
                .filter(Files::exists)
                .filter(path -> mounted.stream().noneMatch(path::startsWith))
                .forEach(mounted::add);
        return mounted;
    }

    private String home() throws IOException {
        if (home == null) {
            home = Files.createTempDirectory("serverless-containers-");
        }
        return home.toString();
    }

    private String log(String name) throws IOException {
        return Path.of(home()).resolve(name).resolve("log").toString();
    }

    private void removeHome() throws IOException {
        if (home == null) {
            return;
        }
        Path removed = home;
        home = null;
        Files.walkFileTree(removed, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Where even one hierarchy has the name, LXC would take another one in all of them. */
    private static void refuseIfThere(Path cgroup) {
        if (Files.exists(cgroup)) {
            throw new IllegalStateException("cgroup " + cgroup
                    + " exists already and is left alone; if a killed run left it behind, remove it with rmdir");
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("the containers are closed");
        }
    }
}
