package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.parse.ProcessCgroups;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What {@code /proc} tells about the processes of LXC containers. A process that ended meanwhile is not there. */
public final class LxcProcesses {
    private static final String MONITOR = "[lxc monitor]";

    private final Path proc;

    /** Reads in this directory, usually {@code /proc}. */
    public LxcProcesses(Path proc) {
        this.proc = proc;
    }

    /** The first process that the kernel lists in a cgroup, or in the one that systemd makes for itself in there. */
    Optional<Integer> firstIn(Hierarchy hierarchy, String path) {
        Optional<Integer> first = listedFirst(hierarchy, path);
        String init = path + "/init.scope";
        return first.isEmpty() && hierarchy.root().hasDirectory(init) ? listedFirst(hierarchy, init) : first;
    }

    private static Optional<Integer> listedFirst(Hierarchy hierarchy, String path) {
        try (var directory = hierarchy.root().directory(path)) {
            return directory.firstProcess();
        } catch (KernelRefusal ended) {
            return Optional.empty();
        }
    }

    /** Whether one of a process's ancestors is the LXC monitor of this container. */
    boolean isOf(int process, String container) {
        return monitorOf(process).filter(monitor -> monitor.isOf(container)).isPresent();
    }

    /** The LXC monitor among a process's ancestors. */
    Optional<Monitor> monitorOf(int process) {
        Optional<Integer> at = Optional.of(process);
        while (at.isPresent()) {
            String commandLine =
                    read(at.get(), "cmdline").orElse("").replace('\0', ' ').strip();
            if (commandLine.startsWith(MONITOR)) {
                return Optional.of(new Monitor(commandLine));
            }
            at = parent(at.get());
        }
        return Optional.empty();
    }

    /** An LXC monitor by its command line: {@code [lxc monitor] /dir NAME}. */
    record Monitor(String commandLine) {
        boolean isOf(String container) {
            return commandLine.endsWith(" " + container);
        }

        /** Whether it keeps its containers in a directory whose last part is this. */
        boolean isIn(String directory, String container) {
            return commandLine.endsWith("/" + directory + " " + container);
        }
    }

    /** Where a process is in each hierarchy. */
    Optional<ProcessCgroups> cgroupsOf(int process) {
        return read(process, "cgroup").map(ProcessCgroups::parse);
    }

    private Optional<Integer> parent(int process) {
        return read(process, "status").stream()
                .flatMap(String::lines)
                .filter(line -> line.matches("PPid:\\s*[1-9][0-9]{0,8}"))
                .map(line -> Integer.valueOf(line.substring("PPid:".length()).strip()))
                .findFirst();
    }

    private Optional<String> read(int process, String file) {
        try {
            return Optional.of(new String(
                    Files.readAllBytes(proc.resolve(Integer.toString(process)).resolve(file)), StandardCharsets.UTF_8));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
