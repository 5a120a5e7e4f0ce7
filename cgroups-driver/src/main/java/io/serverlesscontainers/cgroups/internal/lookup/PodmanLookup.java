package io.serverlesscontainers.cgroups.internal.lookup;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Podman: {@code machine.slice/libpod-ID.scope} with its systemd manager, {@code libpod_parent/libpod-ID} with its
 * cgroupfs manager; in a pod's slice, and without root in a slice of the user's, the last part is the same. The names
 * are in the container storage, {@code overlay-containers/containers.json} or that of another storage driver; those of
 * users without root are in their own directories, which are not looked at.
 */
public final class PodmanLookup extends IdLookup {
    private static final Pattern PATH = Pattern.compile("(?:.*/)?libpod-(" + ContainerId.DIGITS + ")(?:\\.scope)?");
    private static final String DIRECTORIES = "-containers";
    private static final List<String> LISTS = List.of("containers.json", "volatile-containers.json");

    private final Path storage;

    /** Looks in these hierarchies, and for names in the storage, usually {@code /var/lib/containers/storage}. */
    public PodmanLookup(Hierarchies hierarchies, Path storage) {
        super(hierarchies, List.of("machine.slice/libpod-ID.scope", "libpod_parent/libpod-ID"));
        this.storage = storage;
    }

    @Override
    public Optional<Recogniser> recogniser() {
        Map<String, String> names = names();
        return Optional.of(new Recogniser() {
            @Override
            public Optional<String> idAt(String path) {
                return Optional.of(PATH.matcher(path)).filter(Matcher::matches).map(match -> match.group(1));
            }

            @Override
            public Optional<String> nameOf(String id) {
                return Optional.ofNullable(names.get(id));
            }
        });
    }

    private Map<String, String> names() {
        var names = new HashMap<String, String>();
        for (String driver : EngineFile.list(storage)) {
            if (driver.endsWith(DIRECTORIES)) {
                for (String list : LISTS) {
                    EngineFile.json(storage.resolve(driver).resolve(list))
                            .ifPresent(containers -> containers.forEach(container -> addName(container, names)));
                }
            }
        }
        return names;
    }

    private static void addName(JsonNode container, Map<String, String> names) {
        String id = container.path("id").asText();
        String name = container.path("names").path(0).asText();
        if (ContainerId.isWhole(id) && ContainerName.complaint(name).isEmpty()) {
            names.put(id, name);
        }
    }
}
