package io.serverlesscontainers.examples.quickstart.container;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Containers that are nothing but cgroups, directly beneath the root of each hierarchy: processes with limits, without
 * any other isolation. Works with cgroup v1 and v2, as root, and needs nothing installed.
 */
public final class PlainCgroupContainers implements DemoContainers {
    private static final List<String> NEEDED_VERSION_ONE = List.of("cpu", "cpuacct", "cpuset", "memory");
    private static final List<String> NEEDED_VERSION_TWO = List.of("cpu", "cpuset", "memory");
    private static final String SUBTREE_CONTROL = "cgroup.subtree_control";

    /** Enters each cgroup named before {@code --}, then becomes the command after it. */
    private static final String ENTER_AND_EXECUTE =
            "while [ \"$1\" != -- ]; do echo $$ > \"$1/cgroup.procs\" || exit 126; shift; done; shift; exec \"$@\"";

    private final CgroupMounts mounts;
    private final Map<String, List<Path>> directories = new LinkedHashMap<>();
    private final Deque<CgroupDirectory> made = new ArrayDeque<>();
    private final List<String> enabledControllers = new ArrayList<>();
    private boolean closed;

    /** Containers on this host. */
    public PlainCgroupContainers() {
        this(CgroupMounts.read(CgroupMounts.MOUNT_INFO));
    }

    PlainCgroupContainers(CgroupMounts mounts) {
        this.mounts = mounts;
    }

    /** Why this is not possible on this host, in one sentence; empty if it is. */
    public static Optional<String> obstacle() {
        return obstacle(CgroupMounts.read(CgroupMounts.MOUNT_INFO));
    }

    static Optional<String> obstacle(CgroupMounts mounts) {
        Set<Path> parents = parents(mounts);
        if (parents.isEmpty()) {
            return Optional.of("no cgroup hierarchy with the controllers " + String.join(", ", NEEDED_VERSION_TWO)
                    + " is mounted here");
        }
        return parents.stream()
                .filter(parent -> !Files.isWritable(parent))
                .findFirst()
                .map(parent -> parent + " is not writable for " + System.getProperty("user.name"));
    }

    @Override
    public synchronized void create(String name) throws IOException {
        ContainerNames.checked(name);
        refuseIfClosed();
        Set<Path> parents = parents(mounts);
        if (parents.isEmpty()) {
            throw new IOException(obstacle(mounts).orElseThrow());
        }
        for (Path parent : parents) {
            refuseIfThere(parent.resolve(name));
        }
        List<Path> created = new ArrayList<>();
        for (Path parent : parents) {
            enableControllers(parent);
            Path directory = parent.resolve(name);
            try {
                Files.createDirectory(directory);
            } catch (FileAlreadyExistsException inTheMeantime) {
                refuseIfThere(directory);
            }
            made.push(new CgroupDirectory(directory));
            created.add(directory);
            // A v1 cpuset takes no process before it has CPUs and memory nodes.
            copyFromParent(directory, "cpuset.cpus");
            copyFromParent(directory, "cpuset.mems");
        }
        directories.put(name, created);
    }

    @Override
    public synchronized Process run(String name, List<String> command) throws IOException {
        refuseIfClosed();
        List<Path> inside = directories.get(name);
        if (inside == null) {
            throw new IllegalStateException("there is no container '" + name + "'");
        }
        List<String> entering = new ArrayList<>(List.of("/bin/sh", "-c", ENTER_AND_EXECUTE, "sh"));
        inside.forEach(directory -> entering.add(directory.toString()));
        entering.add("--");
        entering.addAll(command);
        return new ProcessBuilder(entering)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        directories.clear();
        IOException left = null;
        while (!made.isEmpty()) {
            try {
                made.pop().remove();
            } catch (IOException busy) {
                left = busy;
            }
        }
        disableControllers();
        if (left != null) {
            throw left;
        }
    }

    /** The directories in which a container needs one of its own; empty if a controller is missing. */
    private static Set<Path> parents(CgroupMounts mounts) {
        if (mounts.versionOne().keySet().containsAll(NEEDED_VERSION_ONE)) {
            Set<Path> parents = new LinkedHashSet<>();
            NEEDED_VERSION_ONE.forEach(
                    controller -> parents.add(mounts.versionOne().get(controller)));
            return parents;
        }
        return mounts.versionTwo()
                .filter(root -> words(root.resolve("cgroup.controllers")).containsAll(NEEDED_VERSION_TWO))
                .map(Set::of)
                .orElse(Set.of());
    }

    private void enableControllers(Path parent) throws IOException {
        Path control = parent.resolve(SUBTREE_CONTROL);
        if (!Files.exists(control)) {
            return;
        }
        Set<String> enabled = words(control);
        for (String controller : NEEDED_VERSION_TWO) {
            if (!enabled.contains(controller)) {
                Files.writeString(control, "+" + controller);
                enabledControllers.add(controller);
            }
        }
    }

    private void disableControllers() {
        for (String controller : enabledControllers) {
            try {
                Files.writeString(mounts.versionTwo().orElseThrow().resolve(SUBTREE_CONTROL), "-" + controller);
            } catch (IOException nowUsedByOthers) {
                // Whoever uses it meanwhile keeps it.
            }
        }
        enabledControllers.clear();
    }

    private static void copyFromParent(Path directory, String file) throws IOException {
        Path target = directory.resolve(file);
        if (Files.exists(target)
                && Files.readString(target).isBlank()
                && Files.exists(directory.resolveSibling(file))) {
            Files.writeString(target, Files.readString(directory.resolveSibling(file)));
        }
    }

    private static void refuseIfThere(Path directory) {
        if (Files.exists(directory)) {
            throw new IllegalStateException("cgroup " + directory
                    + " exists already and is left alone; if a killed run left it behind, remove it with rmdir");
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("the containers are closed");
        }
    }

    private static Set<String> words(Path file) {
        try {
            return new HashSet<>(Arrays.asList(Files.readString(file).strip().split("\\s+")));
        } catch (IOException unreadable) {
            return Set.of();
        }
    }
}
