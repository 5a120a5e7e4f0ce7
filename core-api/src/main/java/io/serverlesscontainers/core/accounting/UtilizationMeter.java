package io.serverlesscontainers.core.accounting;

import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the {@linkplain Utilization accounts} of structures. One thread adds; any thread may read. Grows with the number
 * of structures, not with time.
 */
public final class UtilizationMeter {
    private final Map<String, Map<Resource, Utilization>> accounts = new ConcurrentHashMap<>();

    /** Adds a span in which usage, limit and max had these means. */
    public void add(String structure, Resource resource, double usage, long limit, long max, Duration span) {
        double seconds = span.toNanos() / 1e9;
        var part = new Utilization(usage * seconds, limit * seconds, max * seconds, span);
        accounts.compute(structure, (name, before) -> {
            // A new map each time: readers keep what they were given.
            Map<Resource, Utilization> now = before == null ? new EnumMap<>(Resource.class) : new EnumMap<>(before);
            now.merge(resource, part, Utilization::plus);
            return now;
        });
    }

    /** The accounts of one structure; empty if nothing was measured. */
    public Map<Resource, Utilization> of(String structure) {
        return Map.copyOf(accounts.getOrDefault(structure, Map.of()));
    }

    /** The account of one resource of one structure. */
    public Utilization of(String structure, Resource resource) {
        return accounts.getOrDefault(structure, Map.of()).getOrDefault(resource, Utilization.NONE);
    }

    /** Closes the accounts of a structure. */
    public void forget(String structure) {
        accounts.remove(structure);
    }
}
