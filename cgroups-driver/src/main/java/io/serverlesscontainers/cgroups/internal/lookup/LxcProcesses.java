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

    /** Whether one of a process's ancestors is the LXC monitor of this container: {@code [lxc monitor] /dir NAME}. */
    boolean isOf(int process, String container) {
        Optional<Integer> at = Optional.of(process);
        while (at.isPresent()) {
            String commandLine =
                    read(at.get(), "cmdline").orElse("").replace('\0', ' ').strip();
            if (commandLine.startsWith(MONITOR)) {
                return commandLine.endsWith(" " + container);
            }
            at = parent(at.get());
        }
        return false;
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
