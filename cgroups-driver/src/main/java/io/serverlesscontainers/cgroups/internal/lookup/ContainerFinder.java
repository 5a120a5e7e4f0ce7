package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.core.spi.CgroupException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * From what people call a container to its cgroups. First each engine tries where the name alone says that it is; only if
 * no engine has it there, the {@link Census} is searched. Both times the engines take turns in the same order. May be used
 * by any thread.
 */
public final class ContainerFinder {
    private static final int MOST_NAMED = 3;

    private final Hierarchies hierarchies;
    private final List<ContainerLookup> chosen;
    private final boolean searched;
    private final Census census;

    /**
     * For the containers of some engines.
     *
     * @param all the engines that there are, in their order: nobody looks into a container, whosever it is
     * @param chosen those whose containers are found
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ContainerFinder(
            Hierarchies hierarchies, List<ContainerLookup> all, Set<ContainerLookup> chosen, LongSupplier nanoTime) {
        this.hierarchies = hierarchies;
        this.chosen = all.stream().filter(chosen::contains).toList();
        this.searched =
                this.chosen.stream().anyMatch(engine -> engine.recogniser().isPresent());
        this.census = new Census(hierarchies, all, nanoTime);
    }

    /**
     * Where a container's cgroups are now; empty if there is no such container.
     *
     * @param container a name that {@link ContainerName} allows
     * @throws CgroupException if it may be one of several
     */
    public Optional<CgroupPaths> find(String container) {
        return tryPlaces(container).or(() -> search(container));
    }

    /** The same for one that was found before: what it has now, also what was not there yet; without a search. */
    public Optional<CgroupPaths> findAgain(String container, CgroupPaths before) {
        return tryPlaces(container).or(() -> before.everywhere(hierarchies));
    }

    /** All containers that the chosen engines tell from other cgroups. */
    public List<Found> all() {
        return census.take().stream()
                .filter(entry -> chosen.contains(entry.engine()))
                .map(entry -> new Found(entry.engine(), entry.id(), entry.name(), entry.paths()))
                .toList();
    }

    /** Where a container was looked for, for a sentence. */
    public String sought(String container) {
        String places = chosen.stream()
                .flatMap(engine -> engine.sought(container).stream())
                .distinct()
                .map(ContainerName::shown)
                .collect(Collectors.joining(" or "));
        return (places.isEmpty() ? "" : "no cgroup " + places + " in " + hierarchies.all())
                + (places.isEmpty() || !searched ? "" : ", and ")
                + (searched ? "no engine's container of this name or ID" : "");
    }

    private Optional<CgroupPaths> tryPlaces(String container) {
        for (ContainerLookup engine : chosen) {
            Optional<CgroupPaths> paths = engine.find(container);
            if (paths.isPresent()) {
                return paths;
            }
        }
        return Optional.empty();
    }

    private Optional<CgroupPaths> search(String container) {
        if (!searched) {
            return Optional.empty();
        }
        List<Census.Entry> entries = census.recent();
        for (ContainerLookup engine : chosen) {
            List<Census.Entry> meant = entries.stream()
                    .filter(entry -> entry.engine() == engine && entry.isMeant(container))
                    .filter(entry -> entry.pathsNow(hierarchies).isPresent())
                    .toList();
            if (!meant.isEmpty()) {
                return theOnly(container, meant).pathsNow(hierarchies);
            }
        }
        return Optional.empty();
    }

    /**
     * What a user made in a part of the tree of one's own does not stand in the way of the machine's containers, nor the
     * beginning of an ID in the way of a name.
     */
    private static Census.Entry theOnly(String container, List<Census.Entry> meant) {
        List<Census.Entry> candidates = those(meant, entry -> !CgroupWalk.isUsers(entry.place()));
        candidates = those(candidates, entry -> entry.isCalled(container));
        if (candidates.size() > 1) {
            String places = candidates.stream()
                    .limit(MOST_NAMED)
                    .map(entry -> ContainerName.shown(entry.place()))
                    .collect(Collectors.joining(" or "));
            throw new CgroupException("'" + ContainerName.shown(container) + "' may be any of " + candidates.size()
                    + " containers, " + places + (candidates.size() > MOST_NAMED ? " or others" : "")
                    + ": give the whole ID or the path");
        }
        return candidates.get(0);
    }

    /** Those of which something is true, if there are any; otherwise all. */
    private static List<Census.Entry> those(List<Census.Entry> entries, Predicate<Census.Entry> preferred) {
        List<Census.Entry> those = entries.stream().filter(preferred).toList();
        return those.isEmpty() ? entries : those;
    }

    /**
     * A container that a search came upon.
     *
     * @param engine whose it is
     * @param id by what the engine tells it from others
     * @param name what people call it, if that is something else and the engine tells
     * @param paths where its limits are
     */
    public record Found(ContainerLookup engine, String id, Optional<String> name, CgroupPaths paths) {}
}
