package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.lookup.ApptainerLookup;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerFinder;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerLookup;
import io.serverlesscontainers.cgroups.internal.lookup.ContainerdLookup;
import io.serverlesscontainers.cgroups.internal.lookup.DockerLookup;
import io.serverlesscontainers.cgroups.internal.lookup.KubernetesLookup;
import io.serverlesscontainers.cgroups.internal.lookup.LxcLookup;
import io.serverlesscontainers.cgroups.internal.lookup.LxcProcesses;
import io.serverlesscontainers.cgroups.internal.lookup.LxdLookup;
import io.serverlesscontainers.cgroups.internal.lookup.MachineLookup;
import io.serverlesscontainers.cgroups.internal.lookup.PlainLookup;
import io.serverlesscontainers.cgroups.internal.lookup.PodmanLookup;
import io.serverlesscontainers.cgroups.internal.lookup.RuncLookup;
import io.serverlesscontainers.cgroups.internal.lookup.SystemdLookup;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The lookup of each engine on one machine, and what they find together. */
final class EngineLookups {
    private static final Map<Engine, String> USUAL_FILES = Map.of(
            Engine.DOCKER, "var/lib/docker",
            Engine.PODMAN, "var/lib/containers/storage",
            Engine.RUNC, "run/runc",
            Engine.APPTAINER, "root/.apptainer/instances/app");

    private final Map<Engine, ContainerLookup> lookups = new EnumMap<>(Engine.class);
    private final Map<ContainerLookup, Engine> engines = new HashMap<>();
    private final ContainerFinder finder;

    EngineLookups(Hierarchies hierarchies, Cgroups.Builder settings) {
        for (Engine engine : Engine.values()) {
            ContainerLookup lookup = lookup(engine, hierarchies, settings);
            lookups.put(engine, lookup);
            engines.put(lookup, engine);
        }
        this.finder = new ContainerFinder(
                hierarchies,
                List.copyOf(lookups.values()),
                settings.engines.stream().map(lookups::get).collect(Collectors.toUnmodifiableSet()),
                System::nanoTime);
    }

    /** Whether an engine keeps files that tell more than its cgroups do. */
    static boolean keepsFiles(Engine engine) {
        return USUAL_FILES.containsKey(engine);
    }

    private static ContainerLookup lookup(Engine engine, Hierarchies hierarchies, Cgroups.Builder settings) {
        var processes = new LxcProcesses(settings.proc);
        return switch (engine) {
            case LXD -> new LxdLookup(hierarchies, processes);
            case LXC -> new LxcLookup(hierarchies, processes);
            case DOCKER -> new DockerLookup(hierarchies, files(engine, settings));
            case PODMAN -> new PodmanLookup(hierarchies, files(engine, settings));
            case KUBERNETES -> new KubernetesLookup(hierarchies);
            case CONTAINERD -> new ContainerdLookup(hierarchies);
            case RUNC -> new RuncLookup(hierarchies, files(engine, settings));
            case APPTAINER -> new ApptainerLookup(hierarchies, files(engine, settings));
            case MACHINE -> new MachineLookup(hierarchies);
            case SYSTEMD -> new SystemdLookup(hierarchies);
            case PLAIN -> new PlainLookup(hierarchies);
        };
    }

    private static Path files(Engine engine, Cgroups.Builder settings) {
        Path usual = settings.fileSystem.resolve(USUAL_FILES.get(engine));
        return settings.engineFiles.getOrDefault(engine, usual);
    }

    ContainerFinder finder() {
        return finder;
    }

    List<FoundContainer> all() {
        return finder.all().stream()
                .map(found -> new FoundContainer(
                        engines.get(found.engine()),
                        found.id(),
                        found.name(),
                        byController(found.paths().paths())))
                .toList();
    }

    private static Map<String, String> byController(Map<Hierarchy, String> paths) {
        Map<String, String> cgroups = new HashMap<>();
        paths.forEach((hierarchy, path) ->
                hierarchy.controllers().forEach(controller -> cgroups.put(controller, hierarchy + "/" + path)));
        return cgroups;
    }
}
