package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LXC, and LXD in its default project: {@code lxc.payload.NAME}, or where older versions and other settings put it; below
 * a session of a user's, where somebody without root starts it.
 *
 * <p>Where a cgroup of that name is left over from an earlier run in just one hierarchy, LXC takes
 * {@code lxc.payload.NAME-1} everywhere (or {@code -2}, …). But that is also the cgroup of a container called
 * {@code NAME-1}. It is taken for NAME's only if the LXC monitor of its first process says so; the process itself says
 * where it is in each hierarchy.
 */
public final class LxcLookup implements ContainerLookup {
    private static final List<String> PREFIXES = List.of("lxc.payload.", "lxc.payload/", "lxc/");
    private static final Pattern PATH = Pattern.compile("(?:.*/)?lxc\\.payload\\.([^/]+)|lxc(?:\\.payload)?/([^/]+)");
    private static final int MOST_LEFTOVERS = 9;

    private final Hierarchies hierarchies;
    private final LxcProcesses processes;

    /** Looks in these hierarchies, and at the processes in {@code proc}. */
    public LxcLookup(Hierarchies hierarchies, LxcProcesses processes) {
        this.hierarchies = hierarchies;
        this.processes = processes;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        for (String prefix : PREFIXES) {
            String usual = prefix + container;
            Optional<CgroupPaths> found = besideLeftovers(container, usual)
                    .or(() -> CgroupPaths.existing(hierarchies, hierarchy -> Optional.of(usual)));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> sought(String container) {
        return Optional.of(PREFIXES.get(0) + container);
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(path -> Optional.of(PATH.matcher(path))
                .filter(Matcher::matches)
                .map(match -> match.group(match.group(1) == null ? 2 : 1)));
    }

    private Optional<CgroupPaths> besideLeftovers(String container, String usual) {
        // A container that runs is in all of them.
        Hierarchy any = hierarchies.all().get(0);
        for (int i = 1; i <= MOST_LEFTOVERS; i++) {
            String suffixed = usual + "-" + i;
            if (any.root().hasDirectory(suffixed)) {
                Optional<CgroupPaths> its = processes
                        .firstIn(any, suffixed)
                        .filter(process -> processes.isOf(process, container))
                        .flatMap(processes::cgroupsOf)
                        .flatMap(cgroups -> CgroupPaths.existing(
                                hierarchies,
                                hierarchy -> hierarchy.pathOf(cgroups).map(path -> cut(path, suffixed))));
                if (its.isPresent()) {
                    return its;
                }
            }
        }
        return Optional.empty();
    }

    /** The container's own init may have moved on into a cgroup of its own, further down. */
    private static String cut(String path, String cgroup) {
        return path.startsWith(cgroup + "/") ? cgroup : path;
    }
}
