package io.serverlesscontainers.cgroups.internal.mount;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.parse.ProcessCgroups;
import java.util.Optional;
import java.util.Set;

/** One mounted tree of cgroups, and the controllers that are found in it. */
public final class Hierarchy {
    private final Version version;
    private final Set<String> controllers;
    private final String visibleFrom;
    private final String mountPoint;
    private final CgroupRoot root;

    Hierarchy(Version version, Set<String> controllers, Mount mount, CgroupRoot root) {
        this.version = version;
        this.controllers = Set.copyOf(controllers);
        this.visibleFrom = mount.root();
        this.mountPoint = mount.mountPoint();
        this.root = root;
    }

    /** Its generation. */
    public Version version() {
        return version;
    }

    /** Where its cgroups are. */
    public CgroupRoot root() {
        return root;
    }

    /** Whether a controller works in it. */
    public boolean has(String controller) {
        return controllers.contains(controller);
    }

    /** The controllers that work in it. */
    public Set<String> controllers() {
        return controllers;
    }

    /** The part of an absolute path beneath the mount point, as this machine's programs write it; empty if elsewhere. */
    public Optional<String> beneath(String absolute) {
        String prefix = mountPoint + "/";
        return absolute.startsWith(prefix) ? Optional.of(absolute.substring(prefix.length())) : Optional.empty();
    }

    /** Where a process is in this hierarchy, beneath its root; empty if it is not there or not visible. */
    public Optional<String> pathOf(ProcessCgroups process) {
        Optional<String> path = version == Version.V2
                ? process.v2()
                : controllers.stream()
                        .flatMap(controller -> process.v1(controller).stream())
                        .findAny();
        String prefix = visibleFrom.equals("/") ? "/" : visibleFrom + "/";
        return path.filter(absolute -> absolute.startsWith(prefix))
                .map(absolute -> absolute.substring(prefix.length()));
    }

    /** Where it is mounted. */
    @Override
    public String toString() {
        return root.toString();
    }
}
