package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LXD and Incus: they run their instances by LXC, in {@code lxc.payload.NAME}, in any project but the default one
 * {@code lxc.payload.PROJECT_NAME}. Neither part may have an underscore, but the names of LXC's own containers may. So an
 * instance is told by the directory which the LXC monitor of its first process names: that of LXD is called
 * {@code containers}. The name alone is enough where one project only has it.
 */
public final class LxdLookup implements ContainerLookup {
    private static final Pattern PATH = Pattern.compile("lxc\\.payload\\.([^/]+)");
    private static final String DIRECTORY = "containers";

    private final Hierarchies hierarchies;
    private final LxcProcesses processes;

    /** Looks in these hierarchies, and at the processes in {@code proc}. */
    public LxdLookup(Hierarchies hierarchies, LxcProcesses processes) {
        this.hierarchies = hierarchies;
        this.processes = processes;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        return Optional.empty();
    }

    @Override
    public Optional<String> sought(String container) {
        return Optional.empty();
    }

    @Override
    public Optional<Recogniser> recogniser() {
        Map<String, Boolean> asked = new HashMap<>();
        return Optional.of(path -> Optional.of(PATH.matcher(path))
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .filter(container -> asked.computeIfAbsent(path, once -> isLxds(path, container))));
    }

    @Override
    public boolean isMeant(String asked, String id) {
        return asked.equals(id) || id.endsWith("_" + asked) && id.indexOf('_') == id.length() - asked.length() - 1;
    }

    private boolean isLxds(String path, String container) {
        return hierarchies.all().stream()
                .flatMap(hierarchy -> processes.firstIn(hierarchy, path).stream())
                .findFirst()
                .flatMap(processes::monitorOf)
                .filter(monitor -> monitor.isIn(DIRECTORY, container))
                .isPresent();
    }
}
