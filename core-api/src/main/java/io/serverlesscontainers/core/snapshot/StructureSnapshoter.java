package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.ManyLimits;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Carries the limits that the kernel enforces into the state: into {@code current} of each container, and, added up, of
 * each application. A container with no limit at all keeps the {@code current} it has.
 *
 * <p>Each {@link #runOnce()} is one poll. One thread at a time may call it.
 */
public final class StructureSnapshoter {
    private final StateStore store;
    private final HostDrivers drivers;
    private final StructureSnapshoterSettings settings;

    /** A snapshoter of one host's containers into a store. It closes neither, and writes no limit. */
    public StructureSnapshoter(StateStore store, CgroupDriver driver) {
        this(store, driver, false);
    }

    /**
     * The same, which may also write limits.
     *
     * @param restoresDrift whether a limit of a guarded resource that is not as the state says is written again, instead
     *     of being carried into the state. Only for who lets no Scaler write at the same time: a limit that it moved and
     *     has not put into the state yet would look the same.
     */
    public StructureSnapshoter(StateStore store, CgroupDriver driver, boolean restoresDrift) {
        this(
                store,
                HostDrivers.only(driver),
                StructureSnapshoterSettings.stock().withDriftRestored(restoresDrift));
    }

    /** The same of all hosts' containers. Each host is asked once for all of its containers, one host after the other. */
    public StructureSnapshoter(StateStore store, HostDrivers drivers, StructureSnapshoterSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.drivers = Objects.requireNonNull(drivers, "drivers");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    /**
     * What one poll found.
     *
     * @param drifts limits that were not as the state said; the state now says what the kernel does, restored or not
     * @param problems containers that could not be read, one sentence each
     */
    public record Snapshot(List<Drift> drifts, List<Problem> problems) {
        /** Copies the lists. */
        public Snapshot {
            drifts = List.copyOf(drifts);
            problems = List.copyOf(problems);
        }
    }

    /**
     * One poll.
     *
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read or written
     */
    public Snapshot runOnce() {
        var drifts = new ArrayList<Drift>();
        var problems = new ArrayList<Problem>();
        var changes = new LinkedHashMap<String, UnaryOperator<Structure>>();
        var limitsOf = new HashMap<String, Map<Resource, Long>>();
        var applications = new ArrayList<Structure>();
        var containersOf = new LinkedHashMap<String, List<Structure>>();
        for (Revisioned<Structure> each : store.findAll(DocumentKind.STRUCTURES)) {
            Structure structure = each.document();
            if (structure.subtype() == Structure.Subtype.APPLICATION) {
                if (settings.addsUpApplications()) {
                    applications.add(structure);
                }
            } else if (structure.subtype() == Structure.Subtype.CONTAINER) {
                containersOf
                        .computeIfAbsent(structure.host().orElse(""), host -> new ArrayList<>())
                        .add(structure);
            }
        }
        for (List<Structure> neighbours : containersOf.values()) {
            CgroupDriver driver;
            try {
                driver = drivers.of(neighbours.get(0));
            } catch (CgroupException noWayThere) {
                neighbours.forEach(each -> problems.add(problem(each, noWayThere)));
                continue;
            }
            ManyLimits limits =
                    driver.limitsOf(neighbours.stream().map(Structure::name).toList());
            for (Structure container : neighbours) {
                ContainerLimits enforced = limits.found().get(container.name());
                if (enforced == null) {
                    problems.add(problem(container, limits.failed().get(container.name())));
                } else {
                    Map<Resource, Long> now = compare(container, enforced, driver, drifts);
                    limitsOf.put(container.name(), now);
                    noteChange(container, now, changes);
                }
            }
        }
        for (Structure application : applications) {
            noteChange(application, sum(application, limitsOf), changes);
        }
        if (!changes.isEmpty()) {
            store.changeAll(DocumentKind.STRUCTURES, changes);
        }
        return new Snapshot(drifts, problems);
    }

    private static Problem problem(Structure container, CgroupException unreadable) {
        return new Problem("container '" + container.name() + "'", unreadable.getMessage());
    }

    private Map<Resource, Long> compare(
            Structure container, ContainerLimits enforced, CgroupDriver driver, List<Drift> drifts) {
        Map<Resource, Long> now = new EnumMap<>(Resource.class);
        enforced.limits().forEach((resource, limit) -> {
            Optional<OptionalLong> known = container.resource(resource).map(StructureResource::current);
            if (known.isEmpty() || !settings.resources().contains(resource)) {
                return;
            }
            OptionalLong inForce = limit;
            if (known.get().isPresent() && !known.get().equals(limit)) {
                Drift drift = restoredIfWanted(
                        driver,
                        container,
                        new Drift(container.name(), resource, known.get().getAsLong(), limit));
                drifts.add(drift);
                inForce = drift.restored().map(LimitOutcome::reached).orElse(limit);
            }
            inForce.ifPresent(value -> now.put(resource, value));
        });
        return now;
    }

    private Drift restoredIfWanted(CgroupDriver driver, Structure container, Drift drift) {
        // No driver writes a limit of 0.
        if (!settings.restoresDrift() || !container.isGuarded(drift.resource()) || drift.expected() < 1) {
            return drift;
        }
        LimitOutcome outcome;
        try {
            outcome = driver.apply(container.name(), LimitChange.to(drift.resource(), drift.expected()));
        } catch (CgroupException failed) {
            outcome = new LimitOutcome(LimitOutcome.Status.REFUSED, drift.found(), failed.getMessage());
        }
        return new Drift(drift.container(), drift.resource(), drift.expected(), drift.found(), Optional.of(outcome));
    }

    /** The sum over an application's containers, for resources that all of them have a limit of. */
    private static Map<Resource, Long> sum(Structure application, Map<String, Map<Resource, Long>> limitsOf) {
        Map<Resource, Long> sums = new EnumMap<>(Resource.class);
        for (Resource resource : application.resources().keySet()) {
            long sum = 0;
            boolean complete = !application.containers().isEmpty();
            for (String container : application.containers()) {
                Long limit = limitsOf.getOrDefault(container, Map.of()).get(resource);
                complete &= limit != null;
                sum += limit == null ? 0 : limit;
            }
            if (complete) {
                sums.put(resource, sum);
            }
        }
        return sums;
    }

    private static void noteChange(
            Structure structure, Map<Resource, Long> now, Map<String, UnaryOperator<Structure>> changes) {
        if (!withCurrent(structure, now).equals(structure)) {
            changes.put(structure.name(), fresh -> withCurrent(fresh, unmoved(structure, fresh, now)));
        }
    }

    /** The limits of what nobody else has moved since it was read: a Scaler's newer word must stand. */
    private static Map<Resource, Long> unmoved(Structure read, Structure fresh, Map<Resource, Long> now) {
        Map<Resource, Long> unmoved = new EnumMap<>(Resource.class);
        now.forEach((resource, limit) -> {
            if (fresh.resource(resource)
                    .map(StructureResource::current)
                    .equals(read.resource(resource).map(StructureResource::current))) {
                unmoved.put(resource, limit);
            }
        });
        return unmoved;
    }

    private static Structure withCurrent(Structure structure, Map<Resource, Long> now) {
        Structure changed = structure;
        for (Map.Entry<Resource, Long> limit : now.entrySet()) {
            Optional<StructureResource> has = structure.resource(limit.getKey());
            if (has.isPresent() && !has.get().current().equals(OptionalLong.of(limit.getValue()))) {
                changed = changed.withResource(limit.getKey(), has.get().withCurrent(limit.getValue()));
            }
        }
        return changed;
    }
}
