package io.serverlesscontainers.cgroups.internal.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Docker: {@code docker/ID} with its cgroupfs driver, {@code system.slice/docker-ID.scope} with its systemd driver, and
 * wherever {@code --cgroup-parent} says. The names are in {@code containers/ID/config.v2.json} beneath Docker's own
 * directory, which usually only root may read; without it there are IDs only.
 */
public final class DockerLookup extends IdLookup {
    private static final Pattern PATH =
            Pattern.compile("(?:(docker/)|.*/)?(docker-)?(" + ContainerId.DIGITS + ")(\\.scope)?");

    private final Path containers;

    /** Looks in these hierarchies, and for names in Docker's directory, usually {@code /var/lib/docker}. */
    public DockerLookup(Hierarchies hierarchies, Path directory) {
        super(hierarchies, List.of("system.slice/docker-ID.scope", "docker/ID"));
        this.containers = directory.resolve("containers");
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(new Recogniser() {
            @Override
            public Optional<String> idAt(String path) {
                return Optional.of(PATH.matcher(path))
                        .filter(Matcher::matches)
                        .filter(match -> !KubernetesLookup.isBelowPods(path))
                        .filter(DockerLookup.this::isDockers)
                        .map(match -> match.group(3));
            }

            @Override
            public Optional<String> nameOf(String id) {
                return EngineFile.json(containers.resolve(id).resolve("config.v2.json"))
                        .map(config -> config.path("Name"))
                        .filter(JsonNode::isTextual)
                        .map(name -> name.textValue().startsWith("/")
                                ? name.textValue().substring(1)
                                : name.textValue())
                        .filter(name -> ContainerName.complaint(name).isEmpty());
            }
        });
    }

    private boolean isDockers(Matcher path) {
        boolean scope = path.group(2) != null && path.group(4) != null;
        boolean bare = path.group(2) == null && path.group(4) == null;
        return scope || bare && (path.group(1) != null || Files.isDirectory(containers.resolve(path.group(3))));
    }
}
