package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one host has, and what of it is free: its stock less the limits of its containers. It is told afresh from the
 * containers' limits each time, so an account that was wrong once, after a crash or by hand, does not stay wrong.
 *
 * <p>Not thread-safe: one Scaler's working copy.
 */
final class HostAccounting {
    private final Map<Resource, Long> free = new EnumMap<>(Resource.class);
    private final CoreMap cores;
    private final CpuSet allCores;

    /**
     * @param host the host's document
     * @param containers all containers on it; one whose limit is not known counts with its {@code max}
     * @param capacity what the host says of itself, for what its document does not say
     */
    HostAccounting(Structure host, Collection<Structure> containers, HostCapacity capacity) {
        allCores = capacity.cpus();
        cores = host.resource(Resource.CPU)
                .flatMap(StructureResource::coreUsage)
                .map(CoreMap::new)
                .orElseGet(() -> new CoreMap(capacity.cpus()));
        for (Resource resource : Resource.values()) {
            long stock = host.resource(resource)
                    .map(StructureResource::max)
                    .filter(max -> max.isPresent())
                    .map(max -> max.getAsLong())
                    .orElse(stockOf(resource, capacity));
            long taken = containers.stream()
                    .mapToLong(container -> limit(container, resource))
                    .sum();
            free.put(resource, Math.max(0, stock - taken));
        }
        cores.keepOnly(containers.stream().map(Structure::name).collect(Collectors.toSet()));
        // Those that shrink go first, so that those that grow find the shares.
        List<Structure> byChange = containers.stream()
                .sorted((one, other) -> Long.compare(change(one), change(other)))
                .toList();
        byChange.forEach(container -> cores.resize(container.name(), limit(container, Resource.CPU)));
    }

    private long change(Structure container) {
        return limit(container, Resource.CPU) - cores.held(container.name());
    }

    private static long stockOf(Resource resource, HostCapacity capacity) {
        return switch (resource) {
            case CPU -> capacity.cpuShares();
            case MEMORY -> capacity.memoryMiB();
            // Nobody knows how much a disk, a network or a power supply can do: what is not stated is not rationed.
            case DISK_READ, DISK_WRITE, NET, ENERGY -> Long.MAX_VALUE;
        };
    }

    private static long limit(Structure container, Resource resource) {
        return container
                .resource(resource)
                .map(has -> has.current().orElse(has.max().orElse(0)))
                .orElse(0L);
    }

    /** How much of a resource no container holds. */
    long free(Resource resource) {
        return free.get(resource);
    }

    /** Notes that a container's limit has moved. */
    void move(String container, Resource resource, long from, long to) {
        if (free.get(resource) != Long.MAX_VALUE) {
            free.put(resource, Math.max(0, free.get(resource) - (to - from)));
        }
        if (resource == Resource.CPU) {
            cores.resize(container, to);
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
        for (Resource resource : Resource.values()) {
            Optional<StructureResource> has = host.resource(resource);
            if (has.isPresent() && free.get(resource) != Long.MAX_VALUE) {
                StructureResource now = has.get().withFree(free.get(resource));
                changed = changed.withResource(
                        resource, resource == Resource.CPU ? now.withCoreUsage(cores.toUsage()) : now);
            }
        }
        return changed;
    }
}
