package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.util.Optional;

/** Knows how one engine names the cgroups of its containers. One class per engine. May be used by any thread. */
public interface ContainerLookup {
    /**
     * Where a container's cgroups are now, as far as its name alone tells: a few directories are tried, none is listed.
     * Empty if this engine has no such container there.
     *
     * @param container a name that {@link ContainerName} allows
     */
    Optional<CgroupPaths> find(String container);

    /** What {@link #find} looks for, for a sentence: {@code lxc.payload.web-1}; empty if it does not look. */
    Optional<String> sought(String container);

    /** Tells this engine's containers by the paths of their cgroups, for one walk; empty if paths do not tell. */
    default Optional<Recogniser> recogniser() {
        return Optional.empty();
    }

    /**
     * Whether somebody who asks for a container may mean the one that the recogniser calls {@code id}; its name, where
     * it has one, is compared elsewhere.
     */
    default boolean isMeant(String asked, String id) {
        return asked.equals(id);
    }

    /** Where the limits of a container are, given its cgroup: in there, unless its runtime makes one further down. */
    default String limitedAt(Hierarchy hierarchy, String path) {
        return path;
    }

    /** Whether other containers of this machine may be inside one of these. */
    default boolean holdsOthers() {
        return false;
    }
}
