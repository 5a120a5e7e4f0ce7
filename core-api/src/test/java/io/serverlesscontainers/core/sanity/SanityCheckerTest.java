package io.serverlesscontainers.core.sanity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SanityCheckerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_763_769_600);

    private final InMemoryStateStore store = new InMemoryStateStore();
    private final VirtualClock clock = VirtualClock.startingAt(NOW);
    private final SanityChecker checker = new SanityChecker(store, clock, SanityCheckerSettings.stock());

    /** A host with two containers on it, where all fits. */
    @BeforeEach
    void installation() {
        add(DocumentKind.STRUCTURES, """
                {"subtype": "host", "name": "host0", "host": "host0", "resources": {
                  "cpu": {"max": 400, "free": 150, "core_usage_mapping": {
                    "0": {"cont0": 100, "free": 0}, "1": {"cont0": 50, "free": 50},
                    "2": {"cont1": 100, "free": 0}, "3": {"free": 100}}},
                  "mem": {"max": 16384, "free": 8192}}}""");
        for (String name : List.of("cont0", "cont1")) {
            store.create(
                    DocumentKind.STRUCTURES,
                    Structure.of(name, Structure.Subtype.CONTAINER)
                            .withHost("host0", "host0", "8000")
                            .withGuard(true)
                            .withResource(
                                    Resource.CPU,
                                    StructureResource.bounds(50, 200, true)
                                            .withCurrent(name.equals("cont0") ? 150 : 100))
                            .withResource(
                                    Resource.MEMORY,
                                    StructureResource.bounds(1_024, 8_192, true).withCurrent(4_096)));
            store.create(
                    DocumentKind.LIMITS,
                    Limits.of(name)
                            .withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(25)))
                            .withResource(Resource.MEMORY, ResourceLimits.of(Boundary.absolute(256))));
        }
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of("app1", Structure.Subtype.APPLICATION).withContainers(List.of("cont0", "cont1")));
    }

    @Test
    void there_is_nothing_to_say_where_all_fits() {
        assertThat(sentences()).isEmpty();
    }

    @Test
    void what_was_found_once_may_be_a_change_that_is_under_way() {
        Structure cont1 = remove("cont1");
        assertThat(checker.runOnce().problems()).isEmpty();
        store.create(DocumentKind.STRUCTURES, cont1);
        assertThat(checker.runOnce().problems()).isEmpty();
        remove("cont1");
        assertThat(checker.runOnce().problems()).isEmpty();
        assertThat(checker.runOnce().problems()).isNotEmpty();
    }

    @Test
    void a_finding_is_known_again_though_its_amounts_have_changed() {
        change("cont0", Resource.MEMORY, 5_000);
        checker.runOnce();
        change("cont0", Resource.MEMORY, 5_001);
        assertThat(lines(checker))
                .containsExactly(
                        "host 'host0': 8192 MiB of mem are said to be free, 16384 less the 9097 of its containers are 7287");
    }

    @Test
    void a_container_that_is_gone_is_missed_everywhere() {
        remove("cont1");
        assertThat(sentences())
                .containsExactlyInAnyOrder(
                        "limits 'cont1': there is no structure of this name",
                        "application 'app1': names the container 'cont1', there is none of this name",
                        "host 'host0': 150 shares of cpu are said to be free, 400 less the 150 of its containers are 250",
                        "host 'host0': 8192 MiB of mem are said to be free, 16384 less the 4096 of its containers are 12288",
                        "host 'host0': its core map has 100 shares held by 'cont1', no container of this name is on it");
    }

    @Test
    void limits_that_are_missing_are_named_where_something_is_guarded() {
        var limits = store.find(DocumentKind.LIMITS, "cont1").orElseThrow();
        store.delete(DocumentKind.LIMITS, "cont1", limits.revision());
        store.change(
                DocumentKind.LIMITS,
                "cont0",
                it -> new Limits(
                        it.name(),
                        Map.of(Resource.MEMORY, it.resource(Resource.MEMORY).orElseThrow()),
                        it.otherResources(),
                        it.otherFields(),
                        it.problems()));
        assertThat(sentences())
                .containsExactlyInAnyOrder(
                        "container 'cont0': its cpu is guarded, and its limits document does not have it: it is not scaled",
                        "container 'cont1': is guarded and has no limits document: it is not scaled");

        store.change(DocumentKind.STRUCTURES, "cont0", it -> it.withGuard(false));
        store.change(DocumentKind.STRUCTURES, "cont1", it -> it.withGuard(false));
        assertThat(sentences()).isEmpty();
    }

    @Test
    void bounds_that_are_crossed_are_named() {
        add(DocumentKind.STRUCTURES, """
                {"subtype": "container", "name": "odd", "host": "nowhere", "resources": {
                  "cpu": {"min": 100, "max": 50, "current": 70}, "mem": {"min": 100, "max": 200, "current": 99}}}""");
        assertThat(sentences())
                .containsExactlyInAnyOrder(
                        "container 'odd': min of cpu is 100, more than max, which is 50",
                        "container 'odd': current of cpu is 70, more than max, which is 50",
                        "container 'odd': current of mem is 99, less than min, which is 100",
                        "container 'odd': is on the host 'nowhere', there is none of this name");
    }

    @Test
    void a_core_map_that_does_not_add_up_is_named() {
        store.change(
                DocumentKind.STRUCTURES,
                "cont0",
                it -> it.withResource(
                        Resource.CPU, it.resource(Resource.CPU).orElseThrow().withCurrent(160)));
        store.change(
                DocumentKind.STRUCTURES,
                "cont1",
                it -> it.withResource(
                        Resource.CPU, it.resource(Resource.CPU).orElseThrow().withCurrent(90)));
        assertThat(sentences())
                .containsExactlyInAnyOrder(
                        "host 'host0': its core map has 150 shares held by 'cont0', the limit of that container is 160",
                        "host 'host0': its core map has 100 shares held by 'cont1', the limit of that container is 90");
        add(DocumentKind.STRUCTURES, """
                {"subtype": "host", "name": "host1", "resources": {"cpu": {"max": 100,
                  "core_usage_mapping": {"0": {"free": 90}}}}}""");
        assertThat(sentences())
                .contains("host 'host1': core 0 has 90 free shares and 0 held ones, together they must be 100");
    }

    @Test
    void a_host_that_has_given_away_more_than_it_has_is_named() {
        change("cont0", Resource.MEMORY, 16_000);
        assertThat(sentences()).containsExactly("host 'host0': its containers may use 20096 MiB of mem, it has 16384");
    }

    @Test
    void what_cannot_be_read_is_told_at_once() {
        add(DocumentKind.STRUCTURES, """
                {"subtype": "container", "name": "odd", "resources": {"cpu": {"max": "many"}}}""");
        assertThat(lines(checker))
                .containsExactly("structure 'odd': /resources/cpu/max is \"many\", a whole number is needed");
    }

    @Test
    void events_and_requests_that_count_no_more_are_removed_and_others_are_not() {
        Structure cont0 =
                store.find(DocumentKind.STRUCTURES, "cont0").orElseThrow().document();
        for (int age : List.of(10, 150, 200, 201, 5_000)) {
            store.addEvents(
                    List.of(ScalingEvent.of("cont0", Resource.CPU, new ScaleEvents(1, 0), NOW.minusSeconds(age))));
        }
        for (int age : List.of(10, 60, 61)) {
            store.addRequests(List.of(ScalingRequest.of(cont0, Resource.CPU, 50, 0, NOW.minusSeconds(age))));
        }
        var telling =
                new SanityChecker(store, clock, SanityCheckerSettings.stock().withHealing(false));
        assertThat(telling.runOnce()).isEqualTo(new SanityChecker.Checked(List.of(), 2, 1));
        assertThat(store.events()).hasSize(5);

        assertThat(checker.runOnce()).isEqualTo(new SanityChecker.Checked(List.of(), 2, 1));
        assertThat(store.events()).hasSize(3);
        assertThat(store.requests()).hasSize(2);
        assertThat(checker.runOnce()).isEqualTo(new SanityChecker.Checked(List.of(), 0, 0));
    }

    @Test
    void settings_say_what_they_refuse() {
        assertThatThrownBy(() -> SanityCheckerSettings.stock().withDelay(Duration.ZERO))
                .hasMessage("the delay is PT0S, more than 0 is needed");
        assertThatThrownBy(
                        () -> SanityCheckerSettings.stock().withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .hasMessage("the request timeout is PT-1S, more than 0 is needed");
    }

    /** What two checks in a row find. */
    private List<String> sentences() {
        var fresh = new SanityChecker(store, clock, SanityCheckerSettings.stock());
        fresh.runOnce();
        return lines(fresh);
    }

    private static List<String> lines(SanityChecker checker) {
        return checker.runOnce().problems().stream().map(Problem::toString).toList();
    }

    private void change(String container, Resource resource, long current) {
        store.change(
                DocumentKind.STRUCTURES,
                container,
                it -> it.withResource(
                        resource,
                        StructureResource.bounds(
                                        it.resource(resource)
                                                .orElseThrow()
                                                .min()
                                                .orElseThrow(),
                                        100_000,
                                        true)
                                .withCurrent(current)));
    }

    private Structure remove(String name) {
        var stored = store.find(DocumentKind.STRUCTURES, name).orElseThrow();
        store.delete(DocumentKind.STRUCTURES, name, stored.revision());
        return stored.document();
    }

    private <D extends Document> void add(DocumentKind<D> kind, String json) {
        try {
            store.create(kind, kind.read(new JsonMapper().readTree(json)));
        } catch (JsonProcessingException mistake) {
            throw new AssertionError(mistake);
        }
    }
}
