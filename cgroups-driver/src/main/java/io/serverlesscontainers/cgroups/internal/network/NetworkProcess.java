package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.NamespaceLink;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The process by which the network of one container is found, the first in its cgroups, and what it says of it. */
final class NetworkProcess {
    private final Path proc;
    private final CgroupPaths paths;
    private final ProcFiles files;

    NetworkProcess(Path proc, CgroupPaths paths, ProcFiles files) {
        this.proc = proc;
        this.paths = paths;
        this.files = files;
    }

    /** Its number now; empty if there is none. */
    Optional<Integer> find() {
        for (Map.Entry<Hierarchy, String> place : paths.paths().entrySet()) {
            Hierarchy hierarchy = place.getKey();
            Optional<Integer> first = first(hierarchy, place.getValue());
            // In version 2 a systemd inside moves itself there.
            String init = place.getValue() + "/init.scope";
            if (first.isEmpty() && hierarchy.root().hasDirectory(init)) {
                first = first(hierarchy, init);
            }
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }

    private static Optional<Integer> first(Hierarchy hierarchy, String path) {
        try (var directory = hierarchy.root().directory(path)) {
            return directory.firstProcess();
        } catch (KernelRefusal ended) {
            return Optional.empty();
        }
    }

    /** The link that tells a process's network namespace. */
    ProcFiles.File namespace(int process) {
        return files.file(link(process).toString());
    }

    /** The link that tells the driver's own. */
    ProcFiles.File ownNamespace() {
        return files.file(proc.resolve("self/ns/net").toString());
    }

    /** The counters of the interfaces in a process's network. */
    ProcFiles.File counters(int process) {
        return files.file(
                proc.resolve(Integer.toString(process)).resolve("net/dev").toString());
    }

    /** Where a process's network namespace is. */
    Path link(int process) {
        return proc.resolve(Integer.toString(process)).resolve("ns/net");
    }

    /** What tells a network namespace from others; {@link KernelText#ABSENT} if the process has ended. */
    static long number(ProcFiles.File namespace) {
        return NamespaceLink.number(namespace.readLink());
    }
}
