package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Apptainer, and Singularity as it was called before. A container that was given limits has a cgroup that is called by its
 * process: {@code system.slice/apptainer-PID.scope}, without root {@code apptainer-PID.scope} in a slice of the user's,
 * without systemd {@code apptainer/PID}. An instance has a name as well, which is in {@code HOST/USER/NAME/NAME.json} in
 * the directory of instances; that of root is looked at, those of users are in their own directories.
 */
public final class ApptainerLookup implements ContainerLookup {
    private static final Pattern ASKED = Pattern.compile("(apptainer|singularity)-([1-9][0-9]{0,8})");
    private static final Pattern PATH = Pattern.compile(
            "(?:.*/)?((?:apptainer|singularity)-[1-9][0-9]{0,8})\\.scope|(apptainer|singularity)/([1-9][0-9]{0,8})");

    private final Hierarchies hierarchies;
    private final Path instances;

    /** Looks in these hierarchies, and at instances, usually in {@code /root/.apptainer/instances/app}. */
    public ApptainerLookup(Hierarchies hierarchies, Path instances) {
        this.hierarchies = hierarchies;
        this.instances = instances;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        return places(container)
                .flatMap(path -> CgroupPaths.existing(hierarchies, hierarchy -> Optional.of(path)).stream())
                .findFirst();
    }

    @Override
    public Optional<String> sought(String container) {
        return places(container).findFirst();
    }

    private static Stream<String> places(String container) {
        Matcher asked = ASKED.matcher(container);
        return asked.matches()
                ? Stream.of("system.slice/" + container + ".scope", asked.group(1) + "/" + asked.group(2))
                : Stream.empty();
    }

    @Override
    public Optional<Recogniser> recogniser() {
        Map<String, String> names = names();
        return Optional.of(new Recogniser() {
            @Override
            public Optional<String> idAt(String path) {
                return Optional.of(PATH.matcher(path))
                        .filter(Matcher::matches)
                        .map(match -> match.group(1) == null ? match.group(2) + "-" + match.group(3) : match.group(1));
            }

            @Override
            public Optional<String> nameOf(String id) {
                return Optional.ofNullable(names.get(id.substring(id.indexOf('-') + 1)));
            }
        });
    }

    /** The names of instances by the number of their process. */
    private Map<String, String> names() {
        var names = new HashMap<String, String>();
        for (String host : EngineFile.list(instances)) {
            for (String user : EngineFile.list(instances.resolve(host))) {
                Path its = instances.resolve(host).resolve(user);
                for (String name : EngineFile.list(its)) {
                    EngineFile.json(its.resolve(name).resolve(name + ".json"))
                            .map(instance -> instance.path("pid"))
                            .filter(pid -> pid.isIntegralNumber()
                                    && ContainerName.complaint(name).isEmpty())
                            .ifPresent(pid -> names.put(pid.asText(), name));
                }
            }
        }
        return names;
    }
}
