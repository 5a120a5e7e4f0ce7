package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.core.snapshot.DatabaseSnapshoter;
import io.serverlesscontainers.core.snapshot.DatabaseSnapshoterSettings;
import io.serverlesscontainers.core.snapshot.DatabaseSnapshoterSettings.Part;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls of a Database Snapshoter, whose settings follow its document. */
final class DatabaseSnapshoterWork implements Work {
    static final String SERVICE = "database_snapshoter";
    static final String PERIOD = "POLLING_FREQUENCY";
    static final Duration USUAL_PERIOD = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseSnapshoterWork.class);

    private final StateStore store;
    private final TimeSeriesWriter writer;
    private final Clock clock;
    private final Told told = new Told(LOG);

    DatabaseSnapshoterWork(StateStore store, TimeSeriesWriter writer, Clock clock) {
        this.store = store;
        this.writer = writer;
        this.clock = clock;
    }

    @Override
    public String runOnce(Configuration configuration) {
        DatabaseSnapshoterSettings stock = DatabaseSnapshoterSettings.stock();
        Set<Part> documents = configuration.value(
                "DOCUMENTS_PERSISTED",
                stock.documents(),
                "a list of limits, structures, users and configs is needed",
                node -> {
                    Set<Part> parts = EnumSet.noneOf(Part.class);
                    node.forEach(
                            each -> parts.add(Part.ofWireName(each.asText()).orElseThrow()));
                    return node.isArray() ? parts : null;
                });
        DatabaseSnapshoter.Persisted persisted = new DatabaseSnapshoter(
                        store,
                        writer,
                        clock,
                        stock.withDocuments(documents)
                                .withStructures(configuration.subtypes("STRUCTURES_PERSISTED", stock.structures()))
                                .withResources(configuration.resources("RESOURCES_PERSISTED", stock.resources()))
                                .withFields(configuration.words("FIELDS_PERSISTED", stock.fields())))
                .runOnce();
        told.tell(persisted.problems());
        return persisted.points() + " values written";
    }
}
