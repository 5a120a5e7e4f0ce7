package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.snapshot.Drift;
import io.serverlesscontainers.core.snapshot.StructureSnapshoter;
import io.serverlesscontainers.core.snapshot.StructureSnapshoterSettings;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Structure.Subtype;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls of a Structure Snapshoter. */
final class StructureSnapshoterWork implements Work {
    static final String SERVICE = "structures_snapshoter";
    static final String PERIOD = "POLLING_FREQUENCY";
    static final Duration USUAL_PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(StructureSnapshoterWork.class);

    private final StateStore store;
    private final HostDrivers hosts;
    private final Told told = new Told(LOG);

    StructureSnapshoterWork(StateStore store, HostDrivers hosts) {
        this.store = store;
        this.hosts = hosts;
    }

    @Override
    public String runOnce(Configuration configuration) {
        StructureSnapshoterSettings stock = StructureSnapshoterSettings.stock();
        // Containers are carried in any case: without them nobody would know any limit.
        Set<Subtype> structures = configuration.subtypes(
                "STRUCTURES_PERSISTED",
                EnumSet.of(Subtype.APPLICATION),
                EnumSet.of(Subtype.CONTAINER, Subtype.APPLICATION));
        StructureSnapshoter.Snapshot snapshot = new StructureSnapshoter(
                        store,
                        hosts,
                        stock.withResources(configuration.resources("RESOURCES_PERSISTED", stock.resources()))
                                .withApplications(structures.contains(Subtype.APPLICATION)))
                .runOnce();
        told.tell(snapshot.problems());
        for (Drift drift : snapshot.drifts()) {
            LOG.info("{}", drift.sentence());
        }
        return snapshot.drifts().size() + " limits were not as the state said, "
                + snapshot.problems().size() + " containers could not be read";
    }
}
