package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The process by which the network of one container is found, the first in its cgroups, and what it says of it. */
final class NetworkProcess {
    private final Path proc;
    private final CgroupPaths paths;

    NetworkProcess(Path proc, CgroupPaths paths) {
        this.proc = proc;
        this.paths = paths;
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

    /** Its network namespace, as a word that no other has; empty if it has ended. */
    Optional<String> namespace(int process) {
        return namespace(link(process));
    }

    /** The driver's own. */
    Optional<String> ownNamespace() {
        return namespace(proc.resolve("self/ns/net"));
    }

    private static Optional<String> namespace(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** Where its network namespace is. */
    Path link(int process) {
        return proc.resolve(Integer.toString(process)).resolve("ns/net");
    }

    /** Where the counters of its interfaces are. */
    Path counters(int process) {
        return proc.resolve(Integer.toString(process)).resolve("net/dev");
    }
}
