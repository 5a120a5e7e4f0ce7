package io.serverlesscontainers.bench;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.RULES;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;

import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** The databases of one Guardian; what other services do with them between its windows. */
final class Installation {
    private static final List<String> DATABASES =
            List.of("structures", "limits", "rules", "services", "users", "events", "requests");

    private final HttpUrl server;
    private final String prefix;

    Installation(HttpUrl server, String prefix) {
        this.server = server;
        this.prefix = prefix;
    }

    String database(String name) {
        return prefix + name;
    }

    String prefix() {
        return prefix;
    }

    /** Guarded containers with their limits, and the stock rules. */
    void fill(List<String> containers) {
        try (CouchDbStateStore store = store()) {
            var structures = new ArrayList<Write<Structure>>(containers.size());
            var limits = new ArrayList<Write<Limits>>(containers.size());
            for (String name : containers) {
                structures.add(Write.create(structure(name)));
                limits.add(Write.create(limits(name)));
            }
            requireWritten(store.writeAll(STRUCTURES, structures));
            requireWritten(store.writeAll(LIMITS, limits));
            requireWritten(store.writeAll(
                    RULES, StockRules.documents().stream().map(Write::create).toList()));
            store.events();
            store.requests();
        }
    }

    private static Structure structure(String name) {
        Structure structure =
                Structure.of(name, Structure.Subtype.CONTAINER).withGuard(true).withHost("host0", "host0", "8000");
        for (MovingUsage.Guarded each : List.of(MovingUsage.CPU, MovingUsage.MEMORY)) {
            structure = structure.withResource(
                    each.resource(),
                    StructureResource.bounds(each.min(), each.max(), true).withCurrent(each.limit()));
        }
        return structure;
    }

    private static Limits limits(String name) {
        Limits limits = Limits.of(name);
        for (MovingUsage.Guarded each : List.of(MovingUsage.CPU, MovingUsage.MEMORY)) {
            long upper = each.limit() - each.margin();
            limits = limits.withResource(
                    each.resource(),
                    ResourceLimits.of(Boundary.absolute(each.margin())).withThresholds(upper, upper - each.margin()));
        }
        return limits;
    }

    /**
     * Carries out all requests as a Scaler does, and removes them; returns what the Guardian has left, in words, of some
     * containers.
     */
    Set<String> carryOut(Set<String> ofThese) {
        try (CouchDbStateStore store = store()) {
            List<Stored<ScalingRequest>> requests = store.requests();
            Set<String> left = Stream.concat(
                            requests.stream()
                                    .map(Stored::entry)
                                    .filter(each -> ofThese.contains(each.structure()))
                                    .map(Installation::words),
                            store.events().stream()
                                    .map(Stored::entry)
                                    .filter(each -> ofThese.contains(each.structure()))
                                    .map(Installation::words))
                    .collect(Collectors.toCollection(TreeSet::new));
            var changes = new LinkedHashMap<String, UnaryOperator<Structure>>();
            for (Stored<ScalingRequest> each : requests) {
                UnaryOperator<Structure> change = structure -> moved(structure, each.entry());
                changes.merge(
                        each.entry().structure(),
                        change,
                        (one, other) -> structure -> other.apply(one.apply(structure)));
            }
            requireWritten(store.changeAll(STRUCTURES, changes));
            store.removeRequests(requests.stream().map(Stored::id).toList());
            return left;
        }
    }

    private static String words(ScalingRequest request) {
        return request.structure() + " " + request.action() + " " + request.amount() + " at " + request.timestamp();
    }

    private static String words(ScalingEvent event) {
        return event.structure() + " " + event.name() + " " + event.scale() + " at " + event.timestamp();
    }

    private static Structure moved(Structure structure, ScalingRequest request) {
        StructureResource has = structure.resource(request.resource()).orElseThrow();
        return structure.withResource(
                request.resource(), has.withCurrent(has.current().orElseThrow() + request.amount()));
    }

    /** Until a store that follows the databases has seen all that was written with another. */
    void awaitSeenBy(StateStore follower) throws IOException {
        Map<String, String> wanted;
        try (CouchDbStateStore store = store()) {
            wanted = revisions(store);
        }
        for (int attempt = 0; attempt < 2_000; attempt++) {
            if (follower.requests().isEmpty() && revisions(follower).equals(wanted)) {
                return;
            }
            Pause.of(Duration.ofMillis(20));
        }
        throw new IOException("what others write is not seen");
    }

    private static Map<String, String> revisions(StateStore store) {
        var revisions = new HashMap<String, String>();
        store.findAll(STRUCTURES).forEach(each -> revisions.put(each.document().name(), each.revision()));
        return revisions;
    }

    private CouchDbStateStore store() {
        return CouchDbStateStore.builder(server.toString())
                .databases(this::database)
                .timeout(Duration.ofMinutes(1))
                .build();
    }

    private static void requireWritten(List<? extends WriteOutcome<?>> outcomes) {
        outcomes.stream()
                .filter(outcome -> !(outcome instanceof WriteOutcome.Written))
                .findFirst()
                .ifPresent(outcome -> {
                    throw new IllegalStateException("not written: " + outcome);
                });
    }

    void remove() throws IOException {
        var requests = new CouchDbRequests(new OkHttpClient(), server, prefix);
        for (String database : DATABASES) {
            requests.removeDatabase(database);
        }
    }
}
