package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.WriteOutcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

/** What other programs keep in the databases, and do to them, is theirs: it is neither served nor lost. */
class OtherProgramsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOSER = "2-" + "a".repeat(32);
    private static final String WINNER = "2-" + "b".repeat(32);

    private final CouchDbLike server = CouchDbLike.shared();
    private final String prefix = CouchDbLike.newPrefix();
    private final String services = prefix + "services/";

    @Test
    void views_and_rules_of_the_database_are_no_documents_and_survive() throws IOException {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            put("_design/before", "{\"views\":{\"a\":{\"map\":\"function(d){emit(d.name)}\"}}}");
            try (CouchDbStateStore fresh = server.store(prefix).build()) {
                assertThat(fresh.findAll(SERVICES)).hasSize(1);
                put("_design/after", "{\"views\":{\"b\":{\"map\":\"function(d){emit(d.name)}\"}}}");
                put("scaler", "{\"name\":\"scaler\",\"config\":{\"COUNT\":1}}");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(fresh.findAll(SERVICES)).hasSize(2));
                assertThat(fresh.changeAll(
                                SERVICES, Map.of("guardian", Documents::incremented, "scaler", Documents::incremented)))
                        .allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
                assertThat(fresh.problems()).isEmpty();
            }
        }
        assertThat(get("_design/before").path("views").has("a")).isTrue();
        assertThat(get("_design/after").path("views").has("b")).isTrue();
    }

    @Test
    void of_a_conflict_that_replication_left_the_servers_winner_is_served_and_changed_and_the_other_stays()
            throws IOException {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            store.init();
            server.request(
                    "POST",
                    services + "_bulk_docs",
                    "{\"new_edits\":false,\"docs\":[" + replicated(LOSER, 10) + "," + replicated(WINNER, 20) + "]}");
            awaitCount(store, 20);

            store.change(SERVICES, "guardian", Documents::incremented);

            JsonNode now = get("guardian?conflicts=true");
            assertThat(now.path("config").path("COUNT").asInt()).isEqualTo(21);
            assertThat(now.path("_conflicts")).hasSize(1);
            assertThat(now.path("_conflicts").path(0).asText()).isEqualTo(LOSER);

            server.request(
                    "DELETE", services + "guardian?rev=" + now.path("_rev").asText(), null);

            awaitCount(store, 10); // the loser is the document now, at a lower revision than before
            assertThat(Documents.count(store.change(SERVICES, "guardian", Documents::incremented)))
                    .isEqualTo(11);
        }
    }

    private static String replicated(String revision, int count) {
        return "{\"_id\":\"guardian\",\"_rev\":\"" + revision + "\",\"name\":\"guardian\",\"config\":{\"COUNT\":"
                + count + "}}";
    }

    private static void awaitCount(CouchDbStateStore store, int count) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.find(SERVICES, "guardian").map(Documents::count))
                        .contains(count));
    }

    @Test
    void attachments_that_came_just_now_survive_a_replacement() throws IOException {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            store.init();
            for (int i = 0; i < 10; i++) {
                String name = "with" + i;
                String revision = put(
                                name,
                                "{\"name\":\"" + name + "\",\"_attachments\":{\"a.txt\":"
                                        + "{\"content_type\":\"text/plain\",\"data\":\"aGVsbG8=\"}}}")
                        .path("rev")
                        .asText();

                store.replace(SERVICES, Documents.counter(name, i), revision);

                JsonNode now = get(name);
                assertThat(now.path("config").path("COUNT").asInt()).isEqualTo(i);
                assertThat(now.path("_attachments").path("a.txt").path("length").asInt())
                        .isEqualTo(5);
            }
        }
    }

    @Test
    void a_document_that_goes_between_two_pages_takes_no_other_with_it() throws IOException {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            for (String name : List.of("a", "b", "c", "d")) {
                store.create(SERVICES, Documents.counter(name, 1));
            }
        }
        var pages = new AtomicInteger();
        OkHttpClient client = new OkHttpClient.Builder()
                .addInterceptor(chain -> {
                    Response response = chain.proceed(chain.request());
                    boolean isPage = chain.request().url().encodedPath().endsWith("/_all_docs");
                    if (isPage && pages.incrementAndGet() == 1) {
                        server.request(
                                "DELETE",
                                services + "b?rev=" + get("b").path("_rev").asText(),
                                null);
                    }
                    return response;
                })
                .build();
        try (CouchDbStateStore store =
                server.store(prefix).client(client).pageSize(2).build()) {
            store.findAll(SERVICES);

            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(store.findAll(SERVICES))
                            .extracting(it -> it.document().name())
                            .containsExactlyInAnyOrder("a", "c", "d"));
        }
    }

    @Test
    void databases_may_have_any_name_that_couchdb_allows() throws IOException {
        String strange = prefix + "$()+-";
        var traffic = new Traffic();
        try (CouchDbStateStore store =
                        server.store(strange).client(traffic.client()).build();
                CouchDbStateStore other = server.store(strange).build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            store.addEvents(List.of(Documents.event(1)));

            assertThat(other.findAll(SERVICES)).hasSize(1);
            other.change(SERVICES, "guardian", Documents::incremented);
            awaitCount(store, 2);
            assertThat(other.events()).hasSize(1);
        }
        assertThat(traffic.requests()).allMatch(path -> path.startsWith("/" + prefix + "$()%2B-"));
        assertThat(server.request("GET", "_all_dbs", null)).contains("\"" + strange + "services\"");
    }

    @Test
    void a_slash_in_the_name_of_a_database_is_no_slash_of_the_path() {
        var traffic = new Traffic();
        CouchDbStateStoreBuilder nowhere = CouchDbStateStore.builder("http://127.0.0.1:1")
                .databases(name -> "state/" + name)
                .client(traffic.client())
                .attempts(1);
        try (CouchDbStateStore store = nowhere.build()) {
            assertThatThrownBy(() -> store.findAll(SERVICES))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageContaining(
                            "database 'state/services' at http://127.0.0.1:1: the server cannot be reached");
        }
        assertThat(traffic.requests()).containsExactly("/state%2Fservices");
    }

    private JsonNode put(String id, String json) throws IOException {
        String answer = server.request("PUT", services + id, json);
        assertThat(answer).contains("\"ok\":true");
        return Json.MAPPER.readTree(answer);
    }

    private JsonNode get(String id) throws IOException {
        return Json.MAPPER.readTree(server.request("GET", services + id, null));
    }
}
