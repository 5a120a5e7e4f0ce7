package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.IntNode;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How many requests a window costs, and that nobody's password is seen. */
class RoundTripsTest {
    private static final int STRUCTURES_OF_A_WINDOW = 2_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CouchDbLike server = CouchDbLike.shared();
    private final String prefix = CouchDbLike.newPrefix();

    @Test
    void a_window_costs_no_read_and_a_page_of_writes_for_each_thousand_documents() {
        var traffic = new Traffic();
        try (CouchDbStateStore store =
                server.store(prefix).client(traffic.client()).build()) {
            write(store);
            store.events();
            store.requests();
            traffic.forget();

            window(store, 150);
            window(store, 160);

            assertThat(traffic.requests()).allMatch(path -> path.endsWith("/_bulk_docs"));
            assertThat(count(traffic, "limits")).isEqualTo(2 * STRUCTURES_OF_A_WINDOW / 1_000);
            assertThat(count(traffic, "events")).isEqualTo(2 * 2 * STRUCTURES_OF_A_WINDOW / 1_000);
        }
        assertThat(traffic.held()).isZero();
    }

    private static void window(CouchDbStateStore store, int upper) {
        List<String> names = store.findAll(STRUCTURES).stream()
                .map(it -> it.document().name())
                .toList();
        assertThat(names).hasSize(STRUCTURES_OF_A_WINDOW);
        Map<String, UnaryOperator<Limits>> changes = new LinkedHashMap<>();
        names.forEach(name -> changes.put(
                name,
                it -> it.withResource(
                        Resource.CPU,
                        ResourceLimits.of(Boundary.percentOfMax(10)).withThresholds(upper, upper - 20))));
        assertThat(store.changeAll(LIMITS, changes))
                .allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
        store.addEvents(IntStream.range(0, STRUCTURES_OF_A_WINDOW)
                .mapToObj(Documents::event)
                .toList());
        List<String> ids = store.events().stream().map(Stored::id).toList();
        assertThat(store.removeEvents(ids)).isEqualTo(STRUCTURES_OF_A_WINDOW);
    }

    private void write(CouchDbStateStore store) {
        store.writeAll(
                STRUCTURES,
                IntStream.range(0, STRUCTURES_OF_A_WINDOW)
                        .mapToObj(i -> Write.create(Structure.of("cont" + i, Structure.Subtype.CONTAINER)))
                        .toList());
        store.writeAll(
                LIMITS,
                IntStream.range(0, STRUCTURES_OF_A_WINDOW)
                        .mapToObj(i -> Write.create(Limits.of("cont" + i)))
                        .toList());
    }

    private long count(Traffic traffic, String database) {
        return traffic.requests().stream()
                .filter(path -> path.equals("/" + prefix + database + "/_bulk_docs"))
                .count();
    }

    @Test
    void what_another_program_writes_is_seen_soon_and_costs_one_look() {
        var traffic = new Traffic();
        try (CouchDbStateStore store = server.store(prefix)
                        .client(traffic.client())
                        .pageSize(500)
                        .build();
                CouchDbStateStore other = server.store(prefix).build()) {
            write(other);
            assertThat(store.findAll(LIMITS)).hasSize(STRUCTURES_OF_A_WINDOW);
            traffic.forget();

            other.change(
                    LIMITS,
                    "cont7",
                    it -> new Limits("cont7", Map.of(), Map.of(), Map.of("other", IntNode.valueOf(1)), List.of()));

            await().atMost(PATIENCE).until(() -> store.find(LIMITS, "cont7").equals(other.find(LIMITS, "cont7")));
            assertThat(traffic.requests()).hasSize(1);
        }
    }

    @Test
    void init_makes_all_databases_and_compact_is_accepted() throws Exception {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            store.init();
            assertThat(server.request("GET", "_all_dbs", null))
                    .contains(
                            prefix + "structures",
                            prefix + "limits",
                            prefix + "rules",
                            prefix + "services",
                            prefix + "events",
                            prefix + "requests",
                            prefix + "users");
            store.compact();
        }
    }
}
