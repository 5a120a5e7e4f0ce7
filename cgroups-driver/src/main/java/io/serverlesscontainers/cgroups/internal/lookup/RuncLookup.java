package io.serverlesscontainers.cgroups.internal.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.mount.Version;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * runc by itself: the bundle says where the cgroup is, and runc writes down where that is in each hierarchy, in
 * {@code /run/runc/NAME/state.json} under {@code cgroup_paths}. A path there that does not lie beneath the hierarchy's
 * mount point is not taken.
 */
public final class RuncLookup implements ContainerLookup {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_+][A-Za-z0-9_+.-]*");

    private final Hierarchies hierarchies;
    private final Path states;

    /** Looks in these hierarchies, and at the state that runc keeps, usually in {@code /run/runc}. */
    public RuncLookup(Hierarchies hierarchies, Path states) {
        this.hierarchies = hierarchies;
        this.states = states;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        return cgroupPaths(container)
                .flatMap(absolute -> CgroupPaths.existing(hierarchies, hierarchy -> pathIn(hierarchy, absolute)));
    }

    @Override
    public Optional<String> sought(String container) {
        return Optional.empty();
    }

    @Override
    public Optional<Recogniser> recogniser() {
        var names = new HashMap<String, String>();
        for (String name : EngineFile.list(states)) {
            cgroupPaths(name)
                    .ifPresent(absolute -> hierarchies.all().stream()
                            .flatMap(hierarchy -> pathIn(hierarchy, absolute).stream())
                            .forEach(path -> names.put(path, name)));
        }
        return Optional.of(path -> Optional.ofNullable(names.get(path)));
    }

    private Optional<JsonNode> cgroupPaths(String container) {
        return NAME.matcher(container).matches()
                ? EngineFile.json(states.resolve(container).resolve("state.json"))
                        .map(state -> state.path("cgroup_paths"))
                : Optional.empty();
    }

    /** Version 2 has the empty key. */
    private static Optional<String> pathIn(Hierarchy hierarchy, JsonNode absolute) {
        Stream<String> keys = hierarchy.version() == Version.V2
                ? Stream.of("")
                : hierarchy.controllers().stream().sorted();
        return keys.map(absolute::path)
                .filter(JsonNode::isTextual)
                .flatMap(path -> hierarchy.beneath(path.textValue()).stream())
                .filter(path -> ContainerName.complaint(path).isEmpty())
                .findFirst();
    }
}
