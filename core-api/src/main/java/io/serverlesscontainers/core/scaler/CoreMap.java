package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.CoreUsage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who holds how many shares of which core. A core has 100 shares; a container holds as many as its CPU limit says, on as
 * few cores as can be:
 *
 * <ul>
 *   <li>it grows first on cores it already has, those it holds most of before others; then on cores that nobody has; then
 *       on shared ones, the emptiest first;
 *   <li>it shrinks first where it holds least.
 * </ul>
 *
 * <p>Not thread-safe: one Scaler's working copy. A change costs one pass over the cores.
 */
final class CoreMap {
    private static final long SHARES_PER_CORE = 100;

    private final SortedMap<Integer, Long> free = new TreeMap<>();
    private final Map<String, SortedMap<Integer, Long>> held = new HashMap<>();

    /** A map of these cores, all free. */
    CoreMap(CpuSet cores) {
        cores.stream().forEach(core -> free.put(core, SHARES_PER_CORE));
    }

    /**
     * A map as it is stored. What is free is told from what is held, and cores that the host does not have are left out.
     */
    CoreMap(CoreUsage stored, CpuSet onHost) {
        stored.cores().forEach((core, usage) -> {
            if (core < 0 || !onHost.contains(core)) {
                return;
            }
            long left = SHARES_PER_CORE;
            for (Map.Entry<String, Long> each : usage.shares().entrySet()) {
                long shares = Math.max(0, Math.min(each.getValue(), left));
                if (shares > 0) {
                    held.computeIfAbsent(each.getKey(), name -> new TreeMap<>()).put(core, shares);
                    left -= shares;
                }
            }
            free.put(core, left);
        });
    }

    /** Whether there is no core at all. */
    boolean isEmpty() {
        return free.isEmpty();
    }

    /** Shares that nobody holds. */
    long free() {
        return free.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Shares that a container holds. */
    long held(String container) {
        return heldBy(container).values().stream().mapToLong(Long::longValue).sum();
    }

    /** The cores that a container holds shares of. */
    CpuSet cores(String container) {
        return CpuSet.of(heldBy(container).keySet());
    }

    /** What a container holds of each core, to be {@linkplain #restore restored}. */
    SortedMap<Integer, Long> holding(String container) {
        return new TreeMap<>(heldBy(container));
    }

    /** Lets a container hold again just what it held before, if nobody else has taken it since. */
    void restore(String container, SortedMap<Integer, Long> holding) {
        resize(container, 0);
        holding.forEach((core, shares) -> free.merge(core, -shares, Long::sum));
        if (!holding.isEmpty()) {
            held.put(container, new TreeMap<>(holding));
        }
    }

    /**
     * Lets a container hold so many shares, or as many more as are free.
     *
     * @return how many it holds then
     */
    long resize(String container, long shares) {
        long now = held(container);
        if (shares > now) {
            return now + grow(container, shares - now);
        }
        shrink(container, now - shares);
        return shares;
    }

    /** Takes all from containers that are not among these. */
    void keepOnly(Iterable<String> containers) {
        var kept = new HashMap<String, SortedMap<Integer, Long>>();
        containers.forEach(name -> {
            SortedMap<Integer, Long> holding = held.remove(name);
            if (holding != null) {
                kept.put(name, holding);
            }
        });
        held.values().forEach(gone -> gone.forEach((core, shares) -> free.merge(core, shares, Long::sum)));
        held.clear();
        held.putAll(kept);
    }

    private long grow(String container, long wanted) {
        SortedMap<Integer, Long> own = held.computeIfAbsent(container, name -> new TreeMap<>());
        long left = wanted;
        for (int core : coresToGrowOn(own)) {
            if (left == 0) {
                break;
            }
            long taken = Math.min(left, free.get(core));
            free.merge(core, -taken, Long::sum);
            own.merge(core, taken, Long::sum);
            left -= taken;
        }
        if (own.isEmpty()) {
            held.remove(container);
        }
        return wanted - left;
    }

    private List<Integer> coresToGrowOn(SortedMap<Integer, Long> own) {
        var cores = new ArrayList<Integer>();
        free.forEach((core, shares) -> {
            if (shares > 0) {
                cores.add(core);
            }
        });
        // Own cores sort first by what is held; all others hold 0 and sort by what is free, whole cores first.
        cores.sort(Comparator.comparingLong((Integer core) -> -own.getOrDefault(core, 0L))
                .thenComparingLong(core -> -free.get(core)));
        return cores;
    }

    private void shrink(String container, long wanted) {
        SortedMap<Integer, Long> own = heldBy(container);
        List<Integer> leastHeldFirst = own.keySet().stream()
                .sorted(Comparator.comparingLong((Integer core) -> own.get(core))
                        .thenComparing(Comparator.reverseOrder()))
                .toList();
        long left = wanted;
        for (int core : leastHeldFirst) {
            if (left == 0) {
                break;
            }
            long released = Math.min(left, own.get(core));
            free.merge(core, released, Long::sum);
            left -= released;
            if (released == own.get(core)) {
                own.remove(core);
            } else {
                own.merge(core, -released, Long::sum);
            }
        }
        if (own.isEmpty()) {
            held.remove(container);
        }
    }

    private SortedMap<Integer, Long> heldBy(String container) {
        return held.getOrDefault(container, Collections.emptySortedMap());
    }

    /** The map as it is stored. */
    CoreUsage toUsage() {
        var shares = new TreeMap<Integer, SortedMap<String, Long>>();
        held.forEach((container, cores) -> cores.forEach((core, amount) ->
                shares.computeIfAbsent(core, key -> new TreeMap<>()).put(container, amount)));
        var cores = new TreeMap<Integer, CoreUsage.Core>();
        free.forEach((core, amount) ->
                cores.put(core, new CoreUsage.Core(amount, shares.getOrDefault(core, new TreeMap<>()))));
        return new CoreUsage(cores);
    }
}
