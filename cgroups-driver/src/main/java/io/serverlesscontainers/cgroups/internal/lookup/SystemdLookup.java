package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Units of systemd by their full name. A slice's name says where it is. Services and scopes are usually in
 * {@code system.slice}, instances of templates in a slice of their own there; those in other slices, and those of a user's
 * own systemd, are found by a walk.
 */
public final class SystemdLookup implements ContainerLookup {
    private static final String INIT = "init.scope";

    private final Hierarchies hierarchies;

    /** Looks in these hierarchies. */
    public SystemdLookup(Hierarchies hierarchies) {
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
        return places(container).findFirst();
    }

    private static Stream<String> places(String unit) {
        if (!UnitName.isUnit(unit)) {
            return Stream.empty();
        }
        if (UnitName.isSlice(unit)) {
            return UnitName.pathOfSlice(unit).stream();
        }
        String directory = UnitName.directory(unit);
        return Stream.concat(
                Stream.of("system.slice/" + directory),
                UnitName.sliceOfInstance(unit).map(slice -> slice + "/" + directory).stream());
    }

    @Override
    public Optional<Recogniser> recogniser() {
        return Optional.of(SystemdLookup::unitAt);
    }

    /** Services and scopes hold processes, slices hold others; and below what is no unit there are no units of ours. */
    private static Optional<String> unitAt(String path) {
        String[] parts = path.split("/");
        String unit = UnitName.unit(parts[parts.length - 1]);
        boolean holdsProcesses = unit.endsWith(".service") || unit.endsWith(".scope");
        return holdsProcesses
                        && !unit.equals(INIT)
                        && Stream.of(parts).map(UnitName::unit).allMatch(UnitName::isUnit)
                ? Optional.of(unit)
                : Optional.empty();
    }

    /** A user's systemd is a service, and so may be a container engine. */
    @Override
    public boolean holdsOthers() {
        return true;
    }
}
