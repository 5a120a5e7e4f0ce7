package io.serverlesscontainers.core.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.tck.RecordingWriter;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.Test;

class DatabaseSnapshoterTest {
    private static final Instant START = Instant.ofEpochSecond(1_763_769_600);

    private InMemoryStateStore store = new InMemoryStateStore();
    private RecordingWriter writer = new RecordingWriter();
    private final VirtualClock clock = VirtualClock.startingAt(START);

    @BeforeTry
    void startAnew() {
        store = new InMemoryStateStore();
        writer = new RecordingWriter();
    }

    @Test
    void the_stock_documents_become_series() {
        add(DocumentKind.STRUCTURES, """
                {"type": "structure", "subtype": "container", "name": "cont0", "guard": false, "host": "host0",
                 "resources": {"cpu": {"max": 200, "min": 50, "current": 150, "guard": true, "fixed": 20, "shares": 7.5},
                               "mem": {"max": 8192, "min": 1024, "usage": 512.25}}}""");
        add(DocumentKind.STRUCTURES, """
                {"type": "structure", "subtype": "host", "name": "host0", "host": "host0",
                 "resources": {"cpu": {"max": 400, "free": 0, "core_usage_mapping": {"0": {"free": 100}}},
                               "disks": [{"name": "sda", "max_read": 200}]}}""");
        add(DocumentKind.LIMITS, """
                {"type": "limit", "name": "cont0", "resources": {"cpu": {"upper": 125, "lower": 100, "boundary": 25, "fixed": 99}}}""");
        add(DocumentKind.USERS, """
                {"type": "user", "subtype": "user", "name": "ann", "clusters": ["app1"],
                 "resources": {"cpu": {"max": 900, "current": 300}}}""");
        add(DocumentKind.SERVICES, """
                {"type": "service", "name": "guardian", "heartbeat": "", "config": {"WINDOW_TIMELAPSE": 10, "ACTIVE": true,
                 "DEBUG": false, "STRUCTURE_GUARDED": "container", "GUARDABLE_RESOURCES": ["cpu", "mem"]}}""");

        DatabaseSnapshoter.Persisted persisted = stock().runOnce();

        assertThat(persisted.problems()).isEmpty();
        assertThat(written())
                .containsExactlyInAnyOrder(
                        "structure.cpu.max structure=cont0 200.0",
                        "structure.cpu.min structure=cont0 50.0",
                        "structure.cpu.current structure=cont0 150.0",
                        "structure.cpu.fixed structure=cont0 20.0",
                        "structure.cpu.shares structure=cont0 7.5",
                        "structure.cpu.upper structure=cont0 125.0",
                        "structure.cpu.lower structure=cont0 100.0",
                        "structure.mem.max structure=cont0 8192.0",
                        "structure.mem.min structure=cont0 1024.0",
                        "structure.mem.usage structure=cont0 512.25",
                        "structure.cpu.max structure=host0 400.0",
                        "user.cpu.max user=ann 900.0",
                        "user.cpu.current user=ann 300.0",
                        "conf.guardian.window_timelapse conf=guardian 10.0",
                        "conf.guardian.active conf=guardian 1.0",
                        "conf.guardian.debug conf=guardian 0.0");
        assertThat(persisted.points()).isEqualTo(writer.points().size());
        assertThat(writer.points()).extracting(DataPoint::time).containsOnly(START);
    }

    @Test
    void only_the_structures_and_resources_that_are_asked_for_are_written() {
        add(DocumentKind.STRUCTURES, """
                {"type": "structure", "subtype": "container", "name": "cont0", "guard": false, "host": "host0",
                 "resources": {"cpu": {"max": 200}, "mem": {"max": 8192}}}""");
        add(DocumentKind.STRUCTURES, """
                {"type": "structure", "subtype": "application", "name": "app1", "guard": false, "containers": ["cont0"],
                 "resources": {"cpu": {"max": 300}, "mem": {"max": 9192}}}""");
        for (String name : List.of("cont0", "app1")) {
            add(DocumentKind.LIMITS, """
                    {"type": "limit", "name": "%s", "resources": {"cpu": {"upper": 125}, "mem": {"upper": 1250}}}""".formatted(name));
        }

        snapshoter(DatabaseSnapshoterSettings.stock()
                        .withStructures(Set.of(Structure.Subtype.APPLICATION))
                        .withResources(Set.of(Resource.CPU)))
                .runOnce();

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "structure.cpu.max structure=app1 300.0", "structure.cpu.upper structure=app1 125.0");
    }

    @Test
    void each_poll_is_one_write_of_its_own_time() {
        store.create(DocumentKind.STRUCTURES, container("web-1", 100, 200));
        DatabaseSnapshoter snapshoter = stock();
        snapshoter.runOnce();
        clock.advance(Duration.ofSeconds(5));
        store.change(
                DocumentKind.STRUCTURES,
                "web-1",
                structure -> structure.withResource(
                        Resource.CPU,
                        structure.resource(Resource.CPU).orElseThrow().withCurrent(150)));
        snapshoter.runOnce();

        assertThat(writer.writes()).isEqualTo(2);
        assertThat(writer.points())
                .filteredOn(point -> point.metric().equals("structure.cpu.current"))
                .containsExactly(new DataPoint(
                        "structure.cpu.current", Map.of("structure", "web-1"), START.plusSeconds(5), 150));
    }

    @Test
    void nothing_is_written_where_there_is_nothing() {
        store.create(DocumentKind.STRUCTURES, Structure.of("web-1", Structure.Subtype.CONTAINER));
        assertThat(stock().runOnce()).isEqualTo(new DatabaseSnapshoter.Persisted(0, List.of()));
        assertThat(writer.writes()).isZero();
    }

    @Test
    void a_field_that_cannot_be_read_costs_itself_and_is_named() {
        add(DocumentKind.STRUCTURES, """
                {"subtype": "container", "name": "cont0",
                 "resources": {"cpu": {"max": "many", "min": 50, "fixed": "much", "shares": null}}}""");
        store.create(DocumentKind.STRUCTURES, container("cont1", 100, 200));

        DatabaseSnapshoter.Persisted persisted = stock().runOnce();

        assertThat(written())
                .containsExactlyInAnyOrder(
                        "structure.cpu.min structure=cont0 50.0",
                        "structure.cpu.min structure=cont1 100.0",
                        "structure.cpu.max structure=cont1 200.0");
        assertThat(persisted.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "structure 'cont0': /resources/cpu/max is \"many\", a whole number is needed",
                        "structure 'cont0': /resources/cpu/fixed is \"much\", a number is needed");
    }

    @Test
    void a_number_beyond_all_bounds_is_no_value() {
        add(DocumentKind.SERVICES, """
                {"name": "scaler", "config": {"HUGE": 1e999, "POLLING_FREQUENCY": 5}}""");
        stock().runOnce();
        assertThat(written()).containsExactly("conf.scaler.polling_frequency conf=scaler 5.0");
    }

    @Test
    void fields_and_documents_are_those_that_are_chosen() {
        store.create(DocumentKind.STRUCTURES, container("web-1", 100, 200).withGuard(true));
        store.create(
                DocumentKind.LIMITS,
                Limits.of("web-1")
                        .withResource(
                                Resource.CPU,
                                ResourceLimits.of(Boundary.percentOfMax(10)).withThresholds(180, 160)));

        var settings = DatabaseSnapshoterSettings.stock().withFields(Set.of("guard", "boundary", "margin"));
        snapshoter(settings).runOnce();
        assertThat(written())
                .containsExactlyInAnyOrder(
                        "structure.guard structure=web-1 1.0",
                        "structure.cpu.guard structure=web-1 1.0",
                        "structure.cpu.boundary structure=web-1 10.0",
                        "structure.cpu.margin structure=web-1 20.0");

        // The margin needs max, though nothing of the structure is to be written.
        startAnewWith("margin");
        assertThat(written()).containsExactly("structure.cpu.margin structure=web-1 20.0");
    }

    private void startAnewWith(String field) {
        writer = new RecordingWriter();
        snapshoter(DatabaseSnapshoterSettings.stock()
                        .withDocuments(EnumSet.of(DatabaseSnapshoterSettings.Part.LIMITS))
                        .withFields(Set.of(field)))
                .runOnce();
    }

    @Test
    void no_margin_is_told_where_its_base_is_unknown() {
        store.create(DocumentKind.STRUCTURES, container("web-1", 100, 200));
        store.create(
                DocumentKind.LIMITS,
                Limits.of("web-1").withResource(Resource.CPU, ResourceLimits.of(Boundary.percentOfCurrent(10))));
        store.create(
                DocumentKind.LIMITS,
                Limits.of("web-2").withResource(Resource.CPU, ResourceLimits.of(Boundary.percentOfMax(101))));
        startAnewWith("margin");
        assertThat(writer.points()).isEmpty();
    }

    @Test
    void a_store_that_cannot_be_read_is_an_error() {
        DatabaseSnapshoter snapshoter = stock();
        store.close();
        assertThatThrownBy(snapshoter::runOnce).isInstanceOf(StateStoreException.class);
    }

    @Test
    void settings_refuse_a_field_without_a_name() {
        assertThatThrownBy(() -> DatabaseSnapshoterSettings.stock().withFields(Set.of("")))
                .hasMessage("a field to be written has an empty name, one such as max is needed");
    }

    /** Each value of the state is there exactly once, and nothing else is. */
    @Property(tries = 200)
    void what_is_in_the_state_is_what_is_written(
            @ForAll @Size(max = 20) List<@LongRange(min = 0, max = 1_000_000) Long> maxima,
            @ForAll @IntRange(min = 0, max = 3) int withoutCurrent) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < maxima.size(); i++) {
            long max = maxima.get(i);
            Structure container = container("c" + i, max / 2, max);
            expected.add("structure.cpu.min structure=c" + i + " " + (double) (max / 2));
            expected.add("structure.cpu.max structure=c" + i + " " + (double) max);
            if (i % 4 > withoutCurrent) {
                container = container.withResource(
                        Resource.CPU,
                        container.resource(Resource.CPU).orElseThrow().withCurrent(max));
                expected.add("structure.cpu.current structure=c" + i + " " + (double) max);
            }
            store.create(DocumentKind.STRUCTURES, container);
        }
        assertThat(stock().runOnce().points()).isEqualTo(expected.size());
        assertThat(written()).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static Structure container(String name, long min, long max) {
        return Structure.of(name, Structure.Subtype.CONTAINER)
                .withResource(Resource.CPU, StructureResource.bounds(min, max, true));
    }

    private DatabaseSnapshoter stock() {
        return snapshoter(DatabaseSnapshoterSettings.stock());
    }

    private DatabaseSnapshoter snapshoter(DatabaseSnapshoterSettings settings) {
        return new DatabaseSnapshoter(store, writer, clock, settings);
    }

    private <D extends Document> void add(DocumentKind<D> kind, String json) {
        try {
            store.create(kind, kind.read(new JsonMapper().readTree(json)));
        } catch (JsonProcessingException mistake) {
            throw new AssertionError(mistake);
        }
    }

    private List<String> written() {
        return writer.points().stream()
                .map(point -> {
                    Map.Entry<String, String> tag =
                            point.tags().entrySet().iterator().next();
                    return point.metric() + " " + tag.getKey() + "=" + tag.getValue() + " " + point.value();
                })
                .toList();
    }
}
