package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.core.snapshot.DatabaseSnapshoterSettings.Part;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Carries the state into time series, so that people can look back: what each limit was and when it moved.
 *
 * <table>
 * <caption>What is written</caption>
 * <tr><th>Documents</th><th>Metric</th><th>Tag</th></tr>
 * <tr><td>structures: containers, applications, hosts</td>
 * <td>{@code structure.<resource>.<field>}; {@code structure.guard}</td><td>{@code structure=<name>}</td></tr>
 * <tr><td>limits: upper, lower, boundary, margin</td><td>{@code structure.<resource>.<field>}</td><td>{@code structure=<name>}</td></tr>
 * <tr><td>users</td><td>{@code user.<resource>.<field>}; {@code user.guard}</td><td>{@code user=<name>}</td></tr>
 * <tr><td>configurations</td><td>{@code conf.<service>.<key in lower case>}</td><td>{@code conf=<service>}</td></tr>
 * </table>
 *
 * <p>Which documents and which fields, the {@linkplain DatabaseSnapshoterSettings settings} say; guards are written if the
 * field {@code guard} is among them. Values are in the unit of the resource; yes is 1 and no is 0. Of a configuration the
 * numbers and flags are written, texts and lists are not. What a document does not have is not written, never 0. A field
 * that cannot be read costs itself and is named among the problems; documents that cannot be read at all are left out by
 * the store. Whether a database takes the names is the writer's business.
 *
 * <p>{@code usage} is what the document says, if it says anything: some other service keeps it. What a {@code Refeeder}
 * sums up goes to the same metric, and not through the documents. One of the two for a structure is enough.
 *
 * <p>Each {@link #runOnce()} is one poll: one read of each kind of documents and one write. One thread at a time may call
 * it.
 */
public final class DatabaseSnapshoter {
    private static final String GUARD = "guard";
    private static final String MARGIN = "margin";

    private final StateStore store;
    private final TimeSeriesWriter writer;
    private final Clock clock;
    private final DatabaseSnapshoterSettings settings;
    private final List<Column> structureColumns;
    private final List<Column> userColumns;

    /** A snapshoter of a store's documents into a writer. It closes neither. */
    public DatabaseSnapshoter(
            StateStore store, TimeSeriesWriter writer, Clock clock, DatabaseSnapshoterSettings settings) {
        this.store = Objects.requireNonNull(store, "store");
        this.writer = Objects.requireNonNull(writer, "writer");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.structureColumns = columns("structure");
        this.userColumns = columns("user");
    }

    private List<Column> columns(String prefix) {
        return settings.fields().stream().map(field -> Column.of(prefix, field)).toList();
    }

    /**
     * What one poll wrote.
     *
     * @param points how many values
     * @param problems fields that could not be read, one sentence each; the same at each poll as long as they are there
     */
    public record Persisted(int points, List<Problem> problems) {
        /** Copies the list. */
        public Persisted {
            problems = List.copyOf(problems);
        }
    }

    /**
     * One poll. All points have the time at its begin.
     *
     * @throws io.serverlesscontainers.store.StateStoreException if the store cannot be read
     */
    public Persisted runOnce() {
        var poll = new Poll(clock.instant());
        boolean needsStructures = settings.documents().contains(Part.STRUCTURES)
                || settings.documents().contains(Part.LIMITS)
                        && (settings.fields().contains(MARGIN) || !isOfAnyStructure());
        List<Structure> structures = needsStructures ? read(DocumentKind.STRUCTURES) : List.of();
        for (Part part : settings.documents()) {
            switch (part) {
                case STRUCTURES ->
                    structures.stream()
                            .filter(this::isWritten)
                            .forEach(it -> poll.structure(it, "structure", structureColumns));
                case LIMITS -> {
                    Map<String, Structure> byName = new HashMap<>();
                    structures.forEach(it -> byName.put(it.name(), it));
                    for (Limits limits : read(DocumentKind.LIMITS)) {
                        Optional<Structure> its = Optional.ofNullable(byName.get(limits.name()));
                        if (its.map(this::isWritten).orElse(isOfAnyStructure())) {
                            poll.limits(limits, its);
                        }
                    }
                }
                case USERS -> read(DocumentKind.USERS).forEach(it -> poll.structure(it, "user", userColumns));
                case CONFIGS -> read(DocumentKind.SERVICES).forEach(poll::configuration);
            }
        }
        if (!poll.points.isEmpty()) {
            writer.write(poll.points);
        }
        return new Persisted(poll.points.size(), poll.problems);
    }

    private boolean isWritten(Structure structure) {
        return settings.structures().contains(structure.subtype());
    }

    private boolean isOfAnyStructure() {
        return settings.structures().containsAll(EnumSet.allOf(Structure.Subtype.class));
    }

    private <D extends Document> List<D> read(DocumentKind<D> kind) {
        return store.findAll(kind).stream().map(Revisioned::document).toList();
    }

    /** What one poll has gathered. */
    private final class Poll {
        private final Instant now;
        private final List<DataPoint> points = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();

        Poll(Instant now) {
            this.now = now;
        }

        void structure(Structure structure, String tag, List<Column> columns) {
            problems.addAll(structure.problems());
            String subject = Shown.named(tag, structure.name());
            Map<String, String> tags = Map.of(tag, structure.name());
            if (settings.fields().contains(GUARD)) {
                add(tag + "." + GUARD, tags, FieldValue.orNaN(structure.guard()));
            }
            structure.resources().forEach((resource, has) -> {
                if (!settings.resources().contains(resource)) {
                    return;
                }
                for (Column column : columns) {
                    double value = FieldValue.of(has, column.field, subject, resource, problems);
                    add(column.metric(resource), tags, value);
                }
            });
        }

        void limits(Limits limits, Optional<Structure> structure) {
            problems.addAll(limits.problems());
            Map<String, String> tags = Map.of("structure", limits.name());
            limits.resources().forEach((resource, thresholds) -> {
                if (!settings.resources().contains(resource)) {
                    return;
                }
                Optional<StructureResource> has = structure.flatMap(it -> it.resource(resource));
                for (Column column : structureColumns) {
                    add(column.metric(resource), tags, FieldValue.of(thresholds, has, column.field));
                }
            });
        }

        void configuration(ServiceDocument service) {
            problems.addAll(service.problems());
            Map<String, String> tags = Map.of("conf", service.name());
            service.config()
                    .forEach((key, value) -> FieldValue.of(value)
                            .ifPresent(number ->
                                    add("conf." + service.name() + "." + key.toLowerCase(Locale.ROOT), tags, number)));
        }

        private void add(String metric, Map<String, String> tags, double value) {
            if (!Double.isNaN(value)) {
                points.add(new DataPoint(metric, tags, now, value));
            }
        }
    }

    /** A field, and its metric for each resource. */
    private record Column(String field, List<String> metrics) {
        static Column of(String prefix, String field) {
            var metrics = new ArrayList<String>();
            for (Resource resource : Resource.values()) {
                metrics.add(prefix + "." + resource.wireName() + "." + field);
            }
            return new Column(field, List.copyOf(metrics));
        }

        String metric(Resource resource) {
            return metrics.get(resource.ordinal());
        }
    }
}
