package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.snapshot.Drift;
import io.serverlesscontainers.core.snapshot.StructureSnapshoter;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.store.StateStore;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls of a Structure Snapshoter. */
final class StructureSnapshoterWork implements Work {
    static final String SERVICE = "structures_snapshoter";
    static final String PERIOD = "POLLING_FREQUENCY";
    static final Duration USUAL_PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(StructureSnapshoterWork.class);

    private final StructureSnapshoter snapshoter;
    private final Told told = new Told(LOG);

    StructureSnapshoterWork(StateStore store, HostDrivers hosts) {
        this.snapshoter = new StructureSnapshoter(store, hosts, false);
    }

    @Override
    public String runOnce(Configuration configuration) {
        StructureSnapshoter.Snapshot snapshot = snapshoter.runOnce();
        told.tell(snapshot.problems());
        for (Drift drift : snapshot.drifts()) {
            LOG.info("{}", drift.sentence());
        }
        return snapshot.drifts().size() + " limits were not as the state said, "
                + snapshot.problems().size() + " containers could not be read";
    }
}
