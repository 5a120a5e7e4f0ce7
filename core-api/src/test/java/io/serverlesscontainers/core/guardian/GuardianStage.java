package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.BeforeEach;

/** Windows of a Guardian by the stock policy: max 400, min 50, limit 200, upper 175, lower 150 unless said otherwise. */
abstract class GuardianStage {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Duration WINDOW = Duration.ofSeconds(10);

    VirtualClock clock;
    InMemoryStateStore store;
    Map<String, Map<Resource, Double>> usage;
    Map<String, Signals> signals;
    List<UsageQuery> queries;
    List<GuardianDecision> decisions;

    @BeforeEach
    @BeforeTry
    void startAfresh() {
        clock = VirtualClock.startingAt(Instant.ofEpochSecond(1_700_000_000));
        store = new InMemoryStateStore();
        usage = new HashMap<>();
        signals = new HashMap<>();
        queries = new ArrayList<>();
        decisions = new ArrayList<>();
    }

    @Provide
    Arbitrary<List<Integer>> histories() {
        return Arbitraries.of(0, 160, 180, 100, 100, 100, 100)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    Guardian guardian() {
        return guardian(new ThresholdPolicy(), settings());
    }

    static GuardianSettings settings() {
        return GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO);
    }

    Guardian guardian(ScalingPolicy policy, GuardianSettings settings) {
        return new Guardian(store, this::measure, policy, settings, clock, decisions::add);
    }

    Usages measure(UsageQuery query) {
        queries.add(query);
        Usages.Builder measured = Usages.builder();
        for (String structure : query.structures()) {
            usage.getOrDefault(structure, Map.of())
                    .forEach((resource, amount) -> measured.add(structure, resource, amount));
        }
        signals.forEach((structure, told) -> measured.signals(structure, Resource.CPU, told));
        return measured.build();
    }

    /** Runs a window and moves the clock on to the next one. */
    GuardianWindow window(Guardian guardian) {
        decisions.clear();
        GuardianWindow window = guardian.runOnce();
        clock.advance(WINDOW);
        return window;
    }

    GuardianDecision decision() {
        assertThat(decisions).hasSize(1);
        return decisions.get(0);
    }

    void add(String name) {
        add(name, structure -> structure);
    }

    void add(String name, UnaryOperator<Structure> change) {
        put(DocumentKind.STRUCTURES, change.apply(structure(name)));
        put(DocumentKind.LIMITS, Limits.of(name).withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25))));
    }

    static Structure structure(String name) {
        return DocumentKind.STRUCTURES.read(json("{'name':'" + name + "','subtype':'container','guard':true,"
                + "'host':'host-1','host_rescaler_ip':'10.0.0.1','host_rescaler_port':'8000',"
                + "'resources':{'cpu':{'guard':true,'max':400,'min':50,'current':200}}}"));
    }

    static Structure neverDown(Structure structure) {
        return structure.withResource(
                Resource.CPU, structure.resources().get(Resource.CPU).withNeverDown(true));
    }

    void remove(String name) {
        for (DocumentKind<?> kind : List.of(DocumentKind.STRUCTURES, DocumentKind.LIMITS)) {
            store.delete(kind, name, store.find(kind, name).orElseThrow().revision());
        }
    }

    static Structure withCurrent(Structure structure, long limit) {
        return structure.withResource(
                Resource.CPU, structure.resources().get(Resource.CPU).withCurrent(limit));
    }

    <D extends Document> void put(DocumentKind<D> kind, D document) {
        store.create(kind, document);
    }

    <D extends Document> void read(DocumentKind<D> kind, String text) {
        store.create(kind, kind.read(json(text)));
    }

    void uses(String structure, double cpuShares) {
        usage.put(structure, Map.of(Resource.CPU, cpuShares));
    }

    void event(String structure, ScaleEvents scale, int secondsAgo) {
        store.addEvents(List.of(
                ScalingEvent.of(structure, Resource.CPU, scale, clock.instant().minusSeconds(secondsAgo))));
    }

    List<JsonNode> events() {
        return store.events().stream()
                .map(Stored::entry)
                .map(event -> plain(event.toJson()))
                .toList();
    }

    Limits limits(String name) {
        return stored(DocumentKind.LIMITS, name);
    }

    <D extends Document> D stored(DocumentKind<D> kind, String name) {
        return store.find(kind, name).orElseThrow().document();
    }

    String revision(DocumentKind<?> kind) {
        return store.find(kind, "web-1").orElseThrow().revision();
    }

    /** As it comes over the wire, where a number is a number. */
    static JsonNode plain(ObjectNode json) {
        return json(json.toString());
    }

    static ObjectNode json(String text) {
        try {
            return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(text, noJson);
        }
    }
}
