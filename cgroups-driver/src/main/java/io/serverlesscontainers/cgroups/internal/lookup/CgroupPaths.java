package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where one container is in each hierarchy.
 *
 * @param paths beneath the hierarchy's root, without a leading slash; no entry where the container is not in it
 */
public record CgroupPaths(Map<Hierarchy, String> paths) {
    /** Copies the map. */
    public CgroupPaths {
        paths = Map.copyOf(paths);
    }

    /** The same with the hierarchies that have come to have it since: a container's paths rarely differ. */
    Optional<CgroupPaths> everywhere(Hierarchies hierarchies) {
        return existing(
                hierarchies,
                hierarchy -> Optional.ofNullable(paths.get(hierarchy))
                        .or(() -> paths.values().stream().findFirst()));
    }

    /** Those of the paths that are there; empty if none is. */
    static Optional<CgroupPaths> existing(
            Hierarchies hierarchies, Function<Hierarchy, Optional<String>> pathInHierarchy) {
        Map<Hierarchy, String> existing = new HashMap<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            pathInHierarchy
                    .apply(hierarchy)
                    .filter(hierarchy.root()::hasDirectory)
                    .ifPresent(path -> existing.put(hierarchy, path));
        }
        return existing.isEmpty() ? Optional.empty() : Optional.of(new CgroupPaths(existing));
    }
}
