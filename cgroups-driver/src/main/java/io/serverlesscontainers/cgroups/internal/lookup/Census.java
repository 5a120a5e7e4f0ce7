package io.serverlesscontainers.cgroups.internal.lookup;

import io.serverlesscontainers.cgroups.internal.mount.Hierarchies;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All containers on the machine, found by a walk over the cgroups of every hierarchy; the first engine that recognises a
 * cgroup has it. Nothing inside a container is looked at.
 *
 * <p>Who looks for one container can do with a census taken a moment ago: a new one is taken only when ten times as long
 * as the last one took has passed. Looking for containers that are not there thus takes a tenth of one CPU's time at the
 * most, however often it is done; a machine with a hundred containers is seen anew every 0.1 s or so.
 */
final class Census {
    private static final Logger LOG = LoggerFactory.getLogger(Census.class);
    private static final int REST_PER_WORK = 10;

    private final Hierarchies hierarchies;
    private final List<ContainerLookup> engines;
    private final LongSupplier nanoTime;

    private final AtomicBoolean warned = new AtomicBoolean();
    private List<Entry> last = List.of();
    private long lastEnded;
    private long rest = -1;

    /** Asks these engines, in this order. */
    Census(Hierarchies hierarchies, List<ContainerLookup> engines, LongSupplier nanoTime) {
        this.hierarchies = hierarchies;
        this.engines = List.copyOf(engines);
        this.nanoTime = nanoTime;
    }

    /** One that may be a little old. */
    synchronized List<Entry> recent() {
        long begin = nanoTime.getAsLong();
        if (rest < 0 || begin - lastEnded >= rest) {
            last = take();
            lastEnded = nanoTime.getAsLong();
            rest = REST_PER_WORK * (lastEnded - begin);
        }
        return last;
    }

    /** A new one. */
    List<Entry> take() {
        Map<ContainerLookup, Recogniser> recognisers = new LinkedHashMap<>();
        engines.forEach(engine -> engine.recogniser().ifPresent(recogniser -> recognisers.put(engine, recogniser)));
        Map<Place, Map<Hierarchy, String>> places = new LinkedHashMap<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            boolean all = CgroupWalk.go(hierarchy.root(), path -> {
                Optional<Place> place = recognise(path, recognisers);
                place.ifPresent(there -> places.computeIfAbsent(there, none -> new HashMap<>())
                        .put(hierarchy, there.engine().limitedAt(hierarchy, path)));
                return place.map(there -> there.engine().holdsOthers()).orElse(true);
            });
            if (!all && !warned.getAndSet(true)) {
                LOG.warn(
                        "{} has more than {} cgroups; containers among the others are not found by a search",
                        hierarchy,
                        CgroupWalk.MOST_CGROUPS);
            }
        }
        List<Entry> census = new ArrayList<>(places.size());
        places.forEach((place, paths) -> census.add(new Entry(
                place.engine(),
                place.id(),
                recognisers.get(place.engine()).nameOf(place.id()),
                place.path(),
                new CgroupPaths(paths))));
        return List.copyOf(census);
    }

    private static Optional<Place> recognise(String path, Map<ContainerLookup, Recogniser> recognisers) {
        for (Map.Entry<ContainerLookup, Recogniser> each : recognisers.entrySet()) {
            Optional<String> id = each.getValue().idAt(path);
            if (id.isPresent()) {
                return Optional.of(new Place(each.getKey(), id.get(), path));
            }
        }
        return Optional.empty();
    }

    private record Place(ContainerLookup engine, String id, String path) {}

    /**
     * One container.
     *
     * @param engine whose it is
     * @param id by what the engine tells it from others
     * @param name what people call it, if that is something else and the engine tells
     * @param place where its cgroup is beneath the hierarchies' roots
     * @param paths where its limits are
     */
    record Entry(ContainerLookup engine, String id, Optional<String> name, String place, CgroupPaths paths) {
        boolean isMeant(String asked) {
            return engine.isMeant(asked, id) || name.filter(asked::equals).isPresent();
        }

        /** Where it is now, if it has not ended since. */
        Optional<CgroupPaths> pathsNow(Hierarchies hierarchies) {
            return CgroupPaths.existing(
                    hierarchies, hierarchy -> Optional.ofNullable(paths.paths().get(hierarchy)));
        }
    }
}
