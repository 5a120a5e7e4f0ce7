package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What is registered with systemd as a machine, by its name: systemd-nspawn's containers
 * ({@code machine.slice/systemd-nspawn@NAME.service}, {@code machine-NAME.scope}, or a service of one's own there), and
 * libvirt's guests ({@code machine-qemu-NUMBER-NAME.scope}), whose number need not be said. Names are escaped.
 */
public final class MachineLookup implements ContainerLookup {
    private static final Pattern PATH = Pattern.compile(
            "machine\\.slice/(?:machine-([^/]+)\\.scope|systemd-nspawn@([^/]+)\\.service|([^/@]+)\\.service)");
    private static final Pattern GUEST = Pattern.compile("(?:qemu|lxc|xen|ch)-[0-9]+-(.+)");

    private final Hierarchies hierarchies;

    /** Looks in these hierarchies. */
    public MachineLookup(Hierarchies hierarchies) {
        this.hierarchies = hierarchies;
    }

    @Override
    public Optional<CgroupPaths> find(String container) {
        return places(container)
                .flatMap(path -> CgroupPaths.existing(hierarchies, hierarchy -> Optional.of(path)).stream())
                .findFirst();
    }

    @Override
    public Optional<String> sought(String container) {
        return Optional.empty();
    }

    private static Stream<String> places(String machine) {
        // A machine's name is a host's name.
        if (machine.contains("/")) {
            return Stream.empty();
        }
        String escaped = UnitName.escape(machine);
        return Stream.of(
                        "machine-" + escaped + ".scope", "systemd-nspawn@" + escaped + ".service", escaped + ".service")
                .map(unit -> "machine.slice/" + unit);
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(path -> Optional.of(PATH.matcher(path))
                .filter(Matcher::matches)
                .flatMap(match -> Stream.of(match.group(1), match.group(2), match.group(3))
                        .filter(name -> name != null)
                        .findFirst())
                .map(UnitName::unescape));
    }

    @Override
    public boolean isMeant(String asked, String id) {
        Matcher guest = GUEST.matcher(id);
        return asked.equals(id) || guest.matches() && asked.equals(guest.group(1));
    }
}
