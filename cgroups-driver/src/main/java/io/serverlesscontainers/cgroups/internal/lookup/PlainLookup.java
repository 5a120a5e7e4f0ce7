package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.Optional;

/**
 * No engine: the name is the path beneath each hierarchy's root, {@code cont0} or {@code group/cont0}. A plain cgroup
 * looks like one that groups others, so that a walk does not tell them.
 */
public final class PlainLookup implements ContainerLookup {
    private final Hierarchies hierarchies;

    /** Looks in these hierarchies. */
    public PlainLookup(Hierarchies hierarchies) {
        this.hierarchies = hierarchies;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        return CgroupPaths.existing(hierarchies, hierarchy -> Optional.of(container));
    }

    @Override
    public Optional<String> sought(String container) {
        return Optional.of(container);
    }
}
