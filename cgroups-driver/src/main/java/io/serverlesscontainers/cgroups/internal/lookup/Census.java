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
 * most, however often it is done; a machine with a few hundred cgroups is seen anew several times a second.
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
        Map<Key, Found> found = new LinkedHashMap<>();
        for (Hierarchy hierarchy : hierarchies.all()) {
            boolean all = CgroupWalk.go(hierarchy.root(), path -> {
                Optional<Key> key = recognise(path, recognisers);
                key.ifPresent(its -> found.computeIfAbsent(its, first -> new Found(path, new HashMap<>()))
                        .paths()
                        .putIfAbsent(hierarchy, its.engine().limitedAt(hierarchy, path)));
                return key.map(its -> its.engine().holdsOthers()).orElse(true);
            });
            if (!all && !warned.getAndSet(true)) {
                LOG.warn(
                        "{} has more than {} cgroups; containers among the others are not found by a search",
                        hierarchy,
                        CgroupWalk.MOST_CGROUPS);
            }
        }
        List<Entry> census = new ArrayList<>(found.size());
        found.forEach((key, its) -> census.add(new Entry(
                key.engine(),
                key.id(),
                recognisers.get(key.engine()).nameOf(key.id()),
                its.path(),
                new CgroupPaths(its.paths()))));
        return List.copyOf(census);
    }

    private static Optional<Key> recognise(String path, Map<ContainerLookup, Recogniser> recognisers) {
        for (Map.Entry<ContainerLookup, Recogniser> each : recognisers.entrySet()) {
            Optional<String> id = each.getValue().idAt(path);
            if (id.isPresent()) {
                return Optional.of(Key.of(each.getKey(), id.get(), path));
            }
        }
        return Optional.empty();
    }

    /**
     * What makes two cgroups, in two hierarchies, those of one container. There is only one of each ID, and it may have
     * another path in each hierarchy; names may be given twice, so that the path must be the same.
     */
    private record Key(ContainerLookup engine, String id, String path) {
        static Key of(ContainerLookup engine, String id, String path) {
            return new Key(engine, id, ContainerId.isWhole(id) ? "" : path);
        }
    }

    private record Found(String path, Map<Hierarchy, String> paths) {}

    /**
     * One container.
     *
     * @param engine whose it is
     * @param id by what the engine tells it from others
     * @param name what people call it, if that is something else and the engine tells
     * @param place where its cgroup is in the first hierarchy that has it
     * @param paths where its limits are
     */
    record Entry(ContainerLookup engine, String id, Optional<String> name, String place, CgroupPaths paths) {
        boolean isMeant(String asked) {
            return engine.isMeant(asked, id) || isCalled(asked);
        }

        /** Whether this is its whole ID, or its name. */
        boolean isCalled(String asked) {
            return id.equals(asked) || name.filter(asked::equals).isPresent();
        }

        /** Where it is now, if it has not ended since. */
        Optional<CgroupPaths> pathsNow(Hierarchies hierarchies) {
            return CgroupPaths.existing(
                    hierarchies, hierarchy -> Optional.ofNullable(paths.paths().get(hierarchy)));
        }
    }
}
