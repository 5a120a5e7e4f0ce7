package io.serverlesscontainers.cgroups.internal.lookup;

import java.util.Optional;

/** Knows how one engine names the cgroups of its containers. One class per engine. May be used by any thread. */
public interface ContainerLookup {
    /**
     * Where a container's cgroups are now; empty if this engine has no such container.
     *
     * @param container a name that {@link ContainerName} allows
     */
    Optional<CgroupPaths> find(String container);

    /** What it looks for, for a sentence: {@code lxc.payload.web-1}. */
    String sought(String container);
}
