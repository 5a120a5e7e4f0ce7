package io.serverlesscontainers.cgroups;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A container that is on the machine, as {@link KernelCgroupDriver#containers()} lists it.
 *
 * @param engine what runs it
 * @param id by what the engine tells it from others: the ID of those that give IDs, otherwise a name
 * @param name what people call it, if that is something else and the engine's files tell; others wrote it, and it may be
 *     any printable text
 * @param cgroups the absolute path of its cgroup for each controller that works in it
 */
public record FoundContainer(Engine engine, String id, Optional<String> name, Map<String, String> cgroups) {
    /** Copies the map. */
    public FoundContainer {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        cgroups = Map.copyOf(cgroups);
    }
}
