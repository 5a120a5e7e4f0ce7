package io.serverlesscontainers.cgroups.internal.mount;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.core.spi.CgroupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cgroup hierarchies of a machine: version 1, version 2 or both (hybrid). A controller that is mounted in version 1
 * is used there; the kernel then does not offer it in version 2.
 */
public final class Hierarchies implements AutoCloseable {
    /** The controllers that are always used; hierarchies without any that is used are left alone. */
    private static final Set<String> USED = Set.of("cpu", "cpuacct", "cpuset", "memory");

    private final List<Hierarchy> all;

    private Hierarchies(List<Hierarchy> all) {
        this.all = List.copyOf(all);
    }

    /** Finds and opens the hierarchies of CPU and memory. */
    public static Hierarchies detect(Path fileSystem, Path proc, CgroupRoot.Opener opener) {
        return detect(fileSystem, proc, opener, Set.of());
    }

    /**
     * Finds and opens the hierarchies that {@code proc/self/mountinfo} lists.
     *
     * @param fileSystem the directory that mount points are resolved against, usually {@code /}
     * @param proc usually {@code /proc}
     * @param alsoUsed controllers besides those of CPU and memory
     * @throws CgroupException if there is none, or one cannot be opened
     */
    public static Hierarchies detect(Path fileSystem, Path proc, CgroupRoot.Opener opener, Set<String> alsoUsed) {
        Set<String> used = new TreeSet<>(USED);
        used.addAll(alsoUsed);
        Path mountInfo = proc.resolve("self/mountinfo");
        List<Mount> mounts;
        try {
            // Not readString: a mount point in another encoding must not stop us.
            mounts = MountInfo.cgroups(new String(Files.readAllBytes(mountInfo), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new CgroupException("cannot read " + mountInfo + " to find cgroups: " + unreadable, unreadable);
        }
        var found = new ArrayList<Hierarchy>();
        try {
            Set<String> taken = new HashSet<>();
            for (Mount mount : wholeTreesFirst(mounts)) {
                Set<String> controllers = new HashSet<>(mount.controllers());
                controllers.retainAll(used);
                if (mount.version() == Version.V1 && taken.addAll(controllers)) {
                    found.add(new Hierarchy(Version.V1, controllers, mount, open(fileSystem, mount, opener)));
                }
            }
            for (Mount mount : wholeTreesFirst(mounts)) {
                if (mount.version() == Version.V2) {
                    CgroupRoot root = open(fileSystem, mount, opener);
                    found.add(new Hierarchy(Version.V2, offered(root, taken), mount, root));
                    break;
                }
            }
        } catch (CgroupException failure) {
            new Hierarchies(found).close();
            throw failure;
        }
        for (Hierarchy hierarchy : List.copyOf(found)) {
            if (used.stream().noneMatch(hierarchy::has)) {
                found.remove(hierarchy);
                hierarchy.root().close();
            }
        }
        if (found.isEmpty()) {
            throw new CgroupException(mountInfo + " lists no cgroup file system with a controller among " + used);
        }
        return new Hierarchies(found);
    }

    /** All of them. */
    public List<Hierarchy> all() {
        return all;
    }

    /** Where a controller works. */
    public Optional<Hierarchy> of(String controller) {
        for (Hierarchy hierarchy : all) {
            if (hierarchy.has(controller)) {
                return Optional.of(hierarchy);
            }
        }
        return Optional.empty();
    }

    /** Closes the roots. */
    @Override
    public void close() {
        all.forEach(hierarchy -> hierarchy.root().close());
    }

    /** A container's own view of a part of a tree may be mounted beside the whole one. */
    private static List<Mount> wholeTreesFirst(List<Mount> mounts) {
        var ordered = new ArrayList<>(mounts);
        ordered.sort((one, other) ->
                Boolean.compare(!one.root().equals("/"), !other.root().equals("/")));
        return ordered;
    }

    private static CgroupRoot open(Path fileSystem, Mount mount, CgroupRoot.Opener opener) {
        String above = fileSystem.toString();
        return opener.open((above.equals("/") ? "" : above) + mount.mountPoint());
    }

    private static Set<String> offered(CgroupRoot v2, Set<String> takenByV1) {
        try (var directory = v2.directory(".")) {
            String list = StandardCharsets.US_ASCII
                    .decode(directory.file("cgroup.controllers").read())
                    .toString();
            Set<String> offered = new HashSet<>(List.of(list.strip().split("\\s+")));
            offered.removeAll(takenByV1);
            return offered;
        }
    }
}
