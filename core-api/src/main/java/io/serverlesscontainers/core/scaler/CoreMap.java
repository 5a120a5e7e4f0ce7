package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.CoreUsage;
import java.util.BitSet;
import java.util.Collection;
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
 * <p>Not thread-safe: one Scaler's working copy. A change costs time in proportion to the cores that the container has;
 * only where no whole core is free, to the cores of the host.
 */
final class CoreMap {
    private static final int SHARES_PER_CORE = 100;

    /** Free shares of each core, by core number; cores that do not exist have none. */
    private final int[] free;

    private final BitSet cores = new BitSet();
    private final BitSet wholeCoresFree = new BitSet();
    private final Map<String, SortedMap<Integer, Integer>> held = new HashMap<>();

    /** A map of these cores, all free. */
    CoreMap(CpuSet all) {
        free = new int[all.stream().max().orElse(-1) + 1];
        all.stream().forEach(core -> {
            cores.set(core);
            setFree(core, SHARES_PER_CORE);
        });
    }

    /**
     * A map as it is stored. What is free is told from what is held, and cores that the host does not have are left out.
     */
    CoreMap(CoreUsage stored, CpuSet onHost) {
        this(CpuSet.of(stored.cores().keySet().stream().filter(onHost::contains).toList()));
        stored.cores().forEach((core, usage) -> {
            if (onHost.contains(core)) {
                usage.shares().forEach((container, shares) -> take(holdingOf(container), core, Math.max(0, shares)));
            }
        });
        held.values().removeIf(Map::isEmpty);
    }

    /** Whether there is no core at all. */
    boolean isEmpty() {
        return cores.isEmpty();
    }

    /** Shares that nobody holds. */
    long free() {
        return cores.stream().mapToLong(core -> free[core]).sum();
    }

    /** Shares that a container holds. */
    long held(String container) {
        SortedMap<Integer, Integer> own = held.get(container);
        return own == null
                ? 0
                : own.values().stream().mapToLong(Integer::longValue).sum();
    }

    /** The cores that a container holds shares of. */
    CpuSet cores(String container) {
        SortedMap<Integer, Integer> own = held.get(container);
        return own == null ? CpuSet.NONE : CpuSet.of(own.keySet());
    }

    /** What a container holds of each core, to be {@linkplain #restore restored}. */
    SortedMap<Integer, Integer> holding(String container) {
        return new TreeMap<>(held.getOrDefault(container, Collections.emptySortedMap()));
    }

    /** Lets a container hold again just what it held before, if nobody else has taken it since. */
    void restore(String container, SortedMap<Integer, Integer> holding) {
        resize(container, 0);
        holding.forEach((core, shares) -> take(holdingOf(container), core, shares));
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
        shrink(container, now - Math.max(0, shares));
        return Math.max(0, shares);
    }

    /** Takes all from containers that are not among these. */
    void keepOnly(Collection<String> containers) {
        List<String> gone = held.keySet().stream()
                .filter(name -> !containers.contains(name))
                .toList();
        gone.forEach(name -> resize(name, 0));
    }

    private long grow(String container, long wanted) {
        SortedMap<Integer, Integer> own = holdingOf(container);
        List<Integer> mostHeldFirst = own.keySet().stream()
                .sorted(Comparator.comparing(own::get).reversed())
                .toList();
        long left = wanted;
        for (int core : mostHeldFirst) {
            left -= take(own, core, left);
        }
        for (int core = wholeCoresFree.nextSetBit(0); left > 0 && core >= 0; core = wholeCoresFree.nextSetBit(core)) {
            left -= take(own, core, left);
        }
        for (int core = emptiest(); left > 0 && core >= 0; core = emptiest()) {
            left -= take(own, core, left);
        }
        if (own.isEmpty()) {
            held.remove(container);
        }
        return wanted - left;
    }

    private int take(SortedMap<Integer, Integer> own, int core, long wanted) {
        int taken = (int) Math.min(wanted, free[core]);
        if (taken > 0) {
            own.merge(core, taken, Integer::sum);
            setFree(core, free[core] - taken);
        }
        return taken;
    }

    /** The core with the most free shares, −1 if no core has any. */
    private int emptiest() {
        int best = -1;
        for (int core = 0; core < free.length; core++) {
            if (free[core] > (best < 0 ? 0 : free[best])) {
                best = core;
            }
        }
        return best;
    }

    private void shrink(String container, long wanted) {
        SortedMap<Integer, Integer> own = holdingOf(container);
        List<Integer> leastHeldFirst = own.keySet().stream()
                .sorted(Comparator.<Integer, Integer>comparing(own::get).thenComparing(Comparator.reverseOrder()))
                .toList();
        long left = wanted;
        for (int core : leastHeldFirst) {
            int released = (int) Math.min(left, own.get(core));
            own.merge(core, -released, Integer::sum);
            own.remove(core, 0);
            setFree(core, free[core] + released);
            left -= released;
        }
        if (own.isEmpty()) {
            held.remove(container);
        }
    }

    private SortedMap<Integer, Integer> holdingOf(String container) {
        return held.computeIfAbsent(container, name -> new TreeMap<>());
    }

    private void setFree(int core, int shares) {
        free[core] = shares;
        wholeCoresFree.set(core, shares == SHARES_PER_CORE);
    }

    /** The map as it is stored. */
    CoreUsage toUsage() {
        var shares = new HashMap<Integer, SortedMap<String, Long>>();
        held.forEach((container, own) -> own.forEach((core, amount) ->
                shares.computeIfAbsent(core, key -> new TreeMap<>()).put(container, (long) amount)));
        var usage = new TreeMap<Integer, CoreUsage.Core>();
        cores.stream()
                .forEach(core ->
                        usage.put(core, new CoreUsage.Core(free[core], shares.getOrDefault(core, new TreeMap<>()))));
        return new CoreUsage(usage);
    }
}
