package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.util.List;
import java.util.Optional;

/** What the engines have in common that call a container's cgroup by its ID. */
abstract class IdLookup implements ContainerLookup {
    private final Hierarchies hierarchies;
    private final List<String> usualPlaces;

    /** With the places to try for a whole ID, each with {@code ID} in it; the usual one first. */
    IdLookup(Hierarchies hierarchies, List<String> usualPlaces) {
        this.hierarchies = hierarchies;
        this.usualPlaces = usualPlaces;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        if (!ContainerId.isWhole(container)) {
            return Optional.empty();
        }
        // A container may have another path in each hierarchy.
        return CgroupPaths.existing(
                hierarchies,
                hierarchy -> usualPlaces.stream()
                        .map(place -> place.replace("ID", container))
                        .filter(hierarchy.root()::hasDirectory)
                        .map(path -> limitedAt(hierarchy, path))
                        .findFirst());
    }

    @Override
    public Optional<String> sought(String container) {
        return usualPlaces.stream()
                .filter(place -> ContainerId.isWhole(container))
                .map(place -> place.replace("ID", container))
                .findFirst();
    }

    @Override
    public boolean isMeant(String asked, String id) {
        return ContainerId.isMeant(asked, id);
    }

    /** Below a scope of systemd's, crun makes a cgroup {@code container} and sets all limits there, not on the scope. */
    @Override
    public String limitedAt(Hierarchy hierarchy, String path) {
        String inner = path + "/container";
        return path.endsWith(".scope") && hierarchy.root().hasDirectory(inner) ? inner : path;
    }
}
