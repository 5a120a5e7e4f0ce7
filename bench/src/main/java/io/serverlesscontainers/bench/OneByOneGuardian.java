package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A Guardian that works as the Python one does, one container after the other: its limits are found and written, its
 * usage is asked for, its events are added, then found again, and where there are enough of them a request is added and
 * they are removed. The stock rules for CPU and memory are written out.
 */
final class OneByOneGuardian {
    private static final int EVENTS_NEEDED_UP = 2;
    private static final int EVENTS_NEEDED_DOWN = 8;
    private static final int MOST_EVENTS = 1_000;
    private static final long REPORT_NANOS = 2_000_000_000L;

    private final CouchDbRequests state;
    private final ContainerByContainer usage;
    private final MovingUsage metrics;

    OneByOneGuardian(CouchDbRequests state, ContainerByContainer usage, MovingUsage metrics) {
        this.state = state;
        this.usage = usage;
        this.metrics = metrics;
    }

    /** Finds by name, and by structure, without reading all. */
    void index() throws IOException {
        index("limits", "name");
        index("events", "structure");
        find("limits", "name", "", 1); // builds it
        find("events", "structure", "", 1);
    }

    private void index(String database, String field) throws IOException {
        ObjectNode index = CouchDbRequests.MAPPER.createObjectNode().put("name", "by-" + field);
        index.putObject("index").putArray("fields").add(field);
        state.post(database, "_index", index);
    }

    private JsonNode find(String database, String field, String value, int most) throws IOException {
        ObjectNode query = CouchDbRequests.MAPPER.createObjectNode().put("limit", most);
        query.putObject("selector").put(field, value);
        return state.post(database, "_find", query).path("docs");
    }

    /** All structures, by name: what a window begins with. */
    Map<String, Structure> structures() throws IOException {
        var structures = new LinkedHashMap<String, Structure>();
        for (JsonNode row :
                state.get("structures", "_all_docs?include_docs=true").path("rows")) {
            Structure structure = DocumentKind.STRUCTURES.read(row.path("doc"));
            structures.put(structure.name(), structure);
        }
        return structures;
    }

    /** The rest of the window, for some of them. */
    void window(List<Structure> containers, Instant from, Instant to, Instant now, Consumer<String> progress)
            throws IOException {
        long reported = System.nanoTime();
        for (int i = 0; i < containers.size(); i++) {
            guard(containers.get(i), from, to, now);
            if (System.nanoTime() - reported > REPORT_NANOS) {
                reported = System.nanoTime();
                progress.accept("one container at a time: " + (i + 1) + " of " + containers.size());
            }
        }
    }

    private void guard(Structure container, Instant from, Instant to, Instant now) throws IOException {
        String name = container.name();
        JsonNode document = find("limits", "name", name, 1).path(0);
        Limits limits = repaired(container, DocumentKind.LIMITS.read(document));
        ObjectNode json = limits.toJson();
        json.put("_id", document.path("_id").asText());
        json.put("_rev", document.path("_rev").asText());
        state.put("limits", name, json);

        Map<String, Double> means = usage.means(name, from, to);
        var added = new ArrayList<ObjectNode>();
        addEvent(added, container, limits, Resource.CPU, means.get(metrics.user()) + means.get(metrics.kernel()), now);
        addEvent(added, container, limits, Resource.MEMORY, means.get(metrics.memory()), now);
        if (!added.isEmpty()) {
            bulk("events", added);
        }

        JsonNode events = find("events", "structure", name, MOST_EVENTS);
        var requests = new ArrayList<ObjectNode>();
        var removed = new ArrayList<ObjectNode>();
        decide(container, MovingUsage.CPU, events, requests, removed, now);
        decide(container, MovingUsage.MEMORY, events, requests, removed, now);
        if (!removed.isEmpty()) {
            bulk("events", removed);
            bulk("requests", requests);
        }
    }

    private static Limits repaired(Structure container, Limits limits) {
        Limits repaired = limits;
        for (Map.Entry<Resource, ResourceLimits> each : limits.resources().entrySet()) {
            StructureResource has = container.resource(each.getKey()).orElseThrow();
            long max = has.max().orElseThrow();
            long current = Math.min(max, has.current().orElseThrow());
            long margin = each.getValue().boundary().orElseThrow().margin(max, current);
            repaired = repaired.withResource(
                    each.getKey(), each.getValue().withThresholds(current - margin, current - 2 * margin));
        }
        return repaired;
    }

    private static void addEvent(
            List<ObjectNode> added, Structure container, Limits limits, Resource resource, double usage, Instant now) {
        StructureResource has = container.resource(resource).orElseThrow();
        ResourceLimits thresholds = limits.resource(resource).orElseThrow();
        long upper = thresholds.upper().orElseThrow();
        long lower = thresholds.lower().orElseThrow();
        long max = has.max().orElseThrow();
        if (usage > upper && upper < max && has.current().orElseThrow() < max) {
            added.add(ScalingEvent.of(container.name(), resource, ScaleEvents.UP, now)
                    .toJson());
        } else if (usage > 0 && usage < lower && lower > has.min().orElseThrow()) {
            added.add(ScalingEvent.of(container.name(), resource, ScaleEvents.DOWN, now)
                    .toJson());
        }
    }

    /** Limits only go up here, so that what is to be done when they come down is left out. */
    private static void decide(
            Structure container,
            MovingUsage.Guarded guarded,
            JsonNode events,
            List<ObjectNode> requests,
            List<ObjectNode> removed,
            Instant now) {
        var up = new ArrayList<JsonNode>();
        int down = 0;
        for (JsonNode each : events) {
            ScalingEvent event = ScalingEvent.fromJson(each);
            if (event.resource() == guarded.resource()) {
                down += event.scale().down();
                if (event.scale().up() > 0) {
                    up.add(each);
                }
            }
        }
        if (down >= EVENTS_NEEDED_DOWN) {
            throw new IllegalStateException(container.name() + " was to go down");
        }
        if (up.size() >= EVENTS_NEEDED_UP) {
            requests.add(ScalingRequest.of(container, guarded.resource(), guarded.step(), 0, now)
                    .toJson());
            up.subList(0, EVENTS_NEEDED_UP).forEach(event -> removed.add(tombstone(event)));
        }
    }

    private static ObjectNode tombstone(JsonNode document) {
        return CouchDbRequests.MAPPER
                .createObjectNode()
                .put("_id", document.path("_id").asText())
                .put("_rev", document.path("_rev").asText())
                .put("_deleted", true);
    }

    private void bulk(String database, List<ObjectNode> documents) throws IOException {
        ObjectNode body = CouchDbRequests.MAPPER.createObjectNode();
        body.putArray("docs").addAll(documents);
        for (JsonNode result : state.post(database, "_bulk_docs", body)) {
            if (result.has("error")) {
                throw new IOException("not written: " + result);
            }
        }
    }
}
