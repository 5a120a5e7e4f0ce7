package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What one host has, and what of it is free: its stock less the limits of its containers. It is told afresh from the
 * containers' limits each time, so an account that was wrong once, after a crash or by hand, does not stay wrong.
 *
 * <p>Not thread-safe: one Scaler's working copy.
 */
final class HostAccounting {
    /** More of any resource than a machine has; keeps every sum far from overflow. */
    private static final long GREATEST = 1_000_000_000_000L;

    /** What there is; nothing for resources that are not rationed. */
    private final Map<Resource, Long> stock = new EnumMap<>(Resource.class);

    private final Map<Resource, Long> taken = new EnumMap<>(Resource.class);
    private final Map<String, Map<Resource, Long>> limits = new HashMap<>();
    private final CoreMap cores;
    private final CpuSet allCores;

    /** What a container had, to be {@linkplain #restore restored}. */
    record Holding(long limit, SortedMap<Integer, Integer> cores) {}

    /**
     * @param host the host's document
     * @param containers all containers on it; one whose limit is not known counts with its {@code max}
     * @param capacity what the host says of itself, for what its document does not say
     */
    HostAccounting(Structure host, Collection<Structure> containers, HostCapacity capacity) {
        allCores = capacity.cpus();
        for (Resource resource : Resource.values()) {
            OptionalLong stated =
                    host.resource(resource).map(StructureResource::max).orElse(OptionalLong.empty());
            OptionalLong has = stated.isPresent() ? stated : stockOf(resource, capacity);
            has.ifPresent(amount -> stock.put(resource, Math.min(amount, GREATEST)));
        }
        cores = host.resource(Resource.CPU)
                .flatMap(StructureResource::coreUsage)
                .map(stored -> new CoreMap(stored, allCores))
                .filter(map -> !map.isEmpty())
                .orElseGet(() -> new CoreMap(allCores));
        cores.keepOnly(containers.stream().map(Structure::name).collect(Collectors.toSet()));
        for (Structure container : containers) {
            container.resources().forEach((resource, has) -> note(container.name(), resource, limit(has)));
        }
        // Those that shrink go first, so that those that grow find the shares.
        List<String> byChange = limits.keySet().stream()
                .sorted(Comparator.comparingLong((String name) -> limit(name, Resource.CPU) - cores.held(name))
                        .thenComparing(Comparator.naturalOrder()))
                .toList();
        byChange.forEach(name -> cores.resize(name, limit(name, Resource.CPU)));
    }

    private static OptionalLong stockOf(Resource resource, HostCapacity capacity) {
        return switch (resource) {
            case CPU -> OptionalLong.of(capacity.cpuShares());
            case MEMORY -> OptionalLong.of(capacity.memoryMiB());
            // Nobody knows how much a disk, a network or a power supply can do: what is not stated is not rationed.
            case DISK_READ, DISK_WRITE, NET, ENERGY -> OptionalLong.empty();
        };
    }

    private static long limit(StructureResource has) {
        return has.current().orElse(has.max().orElse(0));
    }

    private long limit(String container, Resource resource) {
        return limits.getOrDefault(container, Map.of()).getOrDefault(resource, 0L);
    }

    private void note(String container, Resource resource, long limit) {
        long counted = Math.max(0, Math.min(limit, GREATEST));
        Long before = limits.computeIfAbsent(container, name -> new EnumMap<>(Resource.class))
                .put(resource, counted);
        taken.merge(resource, counted - (before == null ? 0 : before), Long::sum);
    }

    /** How much of a resource no container holds; below 0 if they hold more than there is. */
    private long left(Resource resource) {
        return stock.get(resource) - taken.getOrDefault(resource, 0L);
    }

    /** How much of a resource no container holds; {@link Long#MAX_VALUE} if it is not rationed. */
    long free(Resource resource) {
        return stock.containsKey(resource) ? Math.max(0, left(resource)) : Long.MAX_VALUE;
    }

    /** The highest limit that a container may get: what it has and what is free. */
    long most(String container, Resource resource) {
        return stock.containsKey(resource) ? limit(container, resource) + left(resource) : Long.MAX_VALUE;
    }

    /** Notes a container's limit. */
    void set(String container, Resource resource, long limit) {
        note(container, resource, limit);
        if (resource == Resource.CPU) {
            cores.resize(container, limit(container, resource));
        }
    }

    /** What a container has of a resource. */
    Holding holding(String container, Resource resource) {
        return new Holding(limit(container, resource), cores.holding(container));
    }

    /** Takes the last {@link #set} back, down to the very cores. */
    void restore(String container, Resource resource, Holding before) {
        note(container, resource, before.limit());
        if (resource == Resource.CPU) {
            cores.restore(container, before.cores());
        }
    }

    /** Lets containers that another account gave cores to have these very cores, as far as nobody else has them here. */
    void adoptCores(Collection<String> containers, HostAccounting other) {
        for (String container : containers) {
            cores.restore(container, other.cores.holding(container));
            cores.resize(container, limit(container, Resource.CPU));
        }
    }

    /** The CPUs that a container is to run on; all of them for one that the map has no room for. */
    CpuSet cpus(String container) {
        CpuSet own = cores.cores(container);
        return own.isEmpty() ? allCores : own;
    }

    /** The host's document with the account as it is now. */
    Structure on(Structure host) {
        Structure changed = host;
        for (Map.Entry<Resource, StructureResource> each : host.resources().entrySet()) {
            Resource resource = each.getKey();
            if (stock.containsKey(resource)) {
                StructureResource now = each.getValue().withFree(free(resource));
                changed = changed.withResource(
                        resource, resource == Resource.CPU ? now.withCoreUsage(cores.toUsage()) : now);
            }
        }
        return changed;
    }
}
