package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Takes containers under a host's account and lets them go again. A container starts with the {@code current} limits that
 * it brings, else with those that the kernel has for it, moved into [min, max], or with {@code max} where it has none; never
 * with more than the host has free.
 *
 * <p>Not thread-safe, and not to run while a {@link Scaler} polls the same host.
 */
public final class Admission {
    private final StateStore store;
    private final CgroupDriver driver;
    private final String hostName;

    /** Admission to the host that the driver is for. */
    public Admission(StateStore store, CgroupDriver driver, String hostName) {
        this.store = Objects.requireNonNull(store, "store");
        this.driver = Objects.requireNonNull(driver, "driver");
        this.hostName = Objects.requireNonNull(hostName, "hostName");
    }

    /**
     * Admits a container: maps its cores, writes its limits to the kernel, and adds it to the state. All or nothing. A
     * container that the state knows already is admitted anew with the bounds given.
     *
     * @param container name, bounds and guards
     * @param limits its boundaries
     * @return the container as it is in the state, with its {@code current} limits
     * @throws AdmissionException if the host has not even {@code min} free, {@code min} exceeds {@code max}, or the driver cannot limit the resource
     * @throws io.serverlesscontainers.core.spi.CgroupException if the container is missing or the kernel refuses
     */
    public Structure admit(Structure container, Limits limits) {
        ContainerLimits found = driver.limits(container.name());
        HostCapacity capacity = driver.host();
        Structure host = host().orElseGet(() -> newHost(capacity));
        HostAccounting account = account(host, capacity, container.name());
        Structure admitted = container.withHost(
                hostName,
                container.hostRescalerIp().orElse(hostName),
                container.hostRescalerPort().orElse("8000"));
        for (Map.Entry<Resource, StructureResource> each : container.resources().entrySet()) {
            long first = firstLimit(container.name(), each.getKey(), each.getValue(), found, account);
            account.set(container.name(), each.getKey(), first);
            admitted = admitted.withResource(each.getKey(), each.getValue().withCurrent(first));
        }
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            admitted = write(admitted, found, account, undo);
            put(DocumentKind.LIMITS, limits, undo);
            put(DocumentKind.STRUCTURES, admitted, undo);
            putHost(host, account, capacity, container.name(), undo);
            return admitted;
        } catch (RuntimeException failed) {
            undo.forEach(step -> takeBack(step, failed));
            throw failed;
        }
    }

    private static void takeBack(Runnable step, RuntimeException failed) {
        try {
            step.run();
        } catch (RuntimeException again) {
            failed.addSuppressed(again);
        }
    }

    /**
     * Adds a container to the state as it is, and writes nothing to the kernel: for a controller that only looks on.
     *
     * @throws io.serverlesscontainers.core.spi.CgroupException if the container is missing or cannot be read
     */
    public Structure register(Structure container, Limits limits) {
        ContainerLimits found = driver.limits(container.name());
        Structure registered = container.withHost(hostName, hostName, "8000");
        for (Map.Entry<Resource, StructureResource> each : container.resources().entrySet()) {
            long limit = found.limit(each.getKey()).orElse(each.getValue().max().orElse(0));
            registered = registered.withResource(each.getKey(), each.getValue().withCurrent(limit));
        }
        put(DocumentKind.LIMITS, limits, new ArrayDeque<>());
        put(DocumentKind.STRUCTURES, registered, new ArrayDeque<>());
        return registered;
    }

    /** Lets a container go: it leaves the state, and what it held is free again. Its limits in the kernel stay. */
    public void dismiss(String container) {
        remove(DocumentKind.LIMITS, container);
        remove(DocumentKind.STRUCTURES, container);
        if (host().isPresent()) {
            settleWithout(container, driver.host());
        }
    }

    private long firstLimit(
            String name, Resource resource, StructureResource has, ContainerLimits found, HostAccounting account) {
        if (!driver.resources().contains(resource)) {
            throw new AdmissionException(
                    "container '" + name + "': " + resource + " cannot be limited here, only " + driver.resources());
        }
        long max = has.max()
                .orElseThrow(() -> new AdmissionException("container '" + name + "': " + resource + " has no max"));
        long min = has.min().orElse(1);
        if (min > max) {
            throw new AdmissionException("container '" + name + "': " + resource + " from " + min + " to " + max
                    + ", min may be at most max");
        }
        long start = has.current().orElse(found.limit(resource).orElse(max));
        long wanted = Math.max(min, Math.min(max, start));
        long free = account.free(resource);
        if (free < Math.max(1, min)) {
            throw new AdmissionException("container '" + name + "': host '" + hostName + "' has " + free + " "
                    + resource.unit() + " of " + resource + " free, less than its min, which is " + min);
        }
        return Math.max(1, Math.min(wanted, free));
    }

    private Structure write(Structure container, ContainerLimits found, HostAccounting account, Deque<Runnable> undo) {
        String name = container.name();
        Structure reached = container;
        for (Map.Entry<Resource, StructureResource> each : container.resources().entrySet()) {
            Resource resource = each.getKey();
            long wanted = each.getValue().current().orElseThrow();
            Optional<CpuSet> cpus = resource == Resource.CPU ? Optional.of(account.cpus(name)) : Optional.empty();
            undo.push(() -> driver.apply(name, asFound(found, resource)));
            long limit = driver.apply(name, new LimitChange(resource, OptionalLong.of(wanted), cpus))
                    .reached()
                    .orElse(wanted);
            account.set(name, resource, limit);
            reached = reached.withResource(resource, each.getValue().withCurrent(limit));
        }
        return reached;
    }

    /** The change that brings a limit back to what was found. */
    public static LimitChange asFound(ContainerLimits found, Resource resource) {
        OptionalLong limit = found.limit(resource);
        Optional<CpuSet> cpus =
                resource == Resource.CPU ? found.cpus().filter(set -> !set.isEmpty()) : Optional.empty();
        return new LimitChange(
                resource, limit.isPresent() ? OptionalLong.of(Math.max(1, limit.getAsLong())) : limit, cpus);
    }

    private Optional<Structure> host() {
        return store.find(DocumentKind.STRUCTURES, hostName).map(Revisioned::document);
    }

    /** The host's account without one container, as if it were not there yet. */
    private HostAccounting account(Structure host, HostCapacity capacity, String without) {
        List<Structure> neighbours = HostBook.containers(store, hostName, name -> !name.equals(without));
        return new HostAccounting(host, neighbours, capacity);
    }

    private Structure newHost(HostCapacity capacity) {
        StructureResource cpu = StructureResource.stock(capacity.cpuShares(), capacity.cpuShares())
                .withCoreUsage(new CoreMap(capacity.cpus()).toUsage());
        return Structure.of(hostName, Structure.Subtype.HOST)
                .withHost(hostName, hostName, "8000")
                .withResource(Resource.CPU, cpu)
                .withResource(Resource.MEMORY, StructureResource.stock(capacity.memoryMiB(), capacity.memoryMiB()));
    }

    private <D extends Document> void put(DocumentKind<D> kind, D document, Deque<Runnable> undo) {
        Optional<D> before = store.find(kind, document.name()).map(Revisioned::document);
        if (before.isPresent()) {
            undo.push(() -> store.change(kind, document.name(), now -> before.get()));
            store.change(kind, document.name(), now -> document);
        } else {
            undo.push(() -> remove(kind, document.name()));
            store.create(kind, document);
        }
    }

    /** The host's account with the container, whoever else writes it; created with the first container. */
    private void putHost(
            Structure host, HostAccounting account, HostCapacity capacity, String container, Deque<Runnable> undo) {
        if (host().isEmpty()) {
            undo.push(() -> remove(DocumentKind.STRUCTURES, hostName));
            store.create(DocumentKind.STRUCTURES, account.on(host));
        } else {
            undo.push(() -> settleWithout(container, capacity));
            new HostBook(store, hostName, capacity)
                    .settle(name -> true, fresh -> fresh.adoptCores(List.of(container), account));
        }
    }

    private void settleWithout(String container, HostCapacity capacity) {
        new HostBook(store, hostName, capacity).settle(name -> !name.equals(container), account -> {});
    }

    private void remove(DocumentKind<?> kind, String name) {
        store.find(kind, name).ifPresent(found -> store.delete(kind, name, found.revision()));
    }
}
