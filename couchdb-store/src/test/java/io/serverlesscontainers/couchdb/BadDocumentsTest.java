package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static io.serverlesscontainers.store.document.DocumentKind.STRUCTURES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents that others have written badly: one sentence each, with database and {@code _id}, and the rest is served. */
class BadDocumentsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CouchDbLike server = CouchDbLike.shared();
    private final String prefix = CouchDbLike.newPrefix();
    private CouchDbStateStore store;

    @BeforeEach
    void open() {
        store = server.store(prefix).build();
        store.init();
        store.create(STRUCTURES, container("sound"));
        store.create(LIMITS, Limits.of("sound"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void an_unknown_type_is_reported_and_the_rest_is_served() throws IOException {
        put("structures", "x1", "{\"type\":\"banana\",\"subtype\":\"container\",\"name\":\"cont1\"}");

        assertReported("structures", "x1", "/type is \"banana\", 'structure' is needed");
        assertThatThrownBy(() -> store.find(STRUCTURES, "cont1"))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("database '" + prefix + "structures', _id 'x1'");
        assertRestIsServed();
    }

    @Test
    void a_document_without_a_name_is_reported_and_the_rest_is_served() throws IOException {
        put("structures", "x2", "{\"type\":\"structure\",\"subtype\":\"container\"}");

        assertReported("structures", "x2", "/name is missing");
        assertRestIsServed();
    }

    @Test
    void of_two_documents_of_one_name_one_is_served_and_can_be_changed() throws IOException {
        put("limits", "b", "{\"type\":\"limit\",\"name\":\"twice\",\"who\":\"b\"}");
        put("limits", "a", "{\"type\":\"limit\",\"name\":\"twice\",\"who\":\"a\"}");

        assertReported("limits", "b", "limits 'twice' is there more than once; the one with _id 'a' is served");
        assertThat(store.change(LIMITS, "twice", it -> it).document().otherFields())
                .containsEntry("who", TextNode.valueOf("a"));
        assertThatThrownBy(() -> store.create(LIMITS, Limits.of("twice"))).isInstanceOf(ConflictException.class);

        delete("limits", "a");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.find(LIMITS, "twice")
                                .orElseThrow()
                                .document()
                                .otherFields())
                        .containsEntry("who", TextNode.valueOf("b")));
        assertThat(store.problems()).isEmpty();
    }

    @Test
    void a_number_as_text_is_a_number_and_one_that_is_none_is_a_problem_of_its_field() throws IOException {
        put(
                "limits",
                "x3",
                "{\"type\":\"limit\",\"name\":\"cont3\",\"resources\":{\"cpu\":{\"upper\":\"170\",\"lower\":\"much\"}}}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.find(LIMITS, "cont3")).isPresent());
        Limits found = store.find(LIMITS, "cont3").orElseThrow().document();
        assertThat(found.resource(Resource.CPU).orElseThrow().upper()).isEqualTo(OptionalLong.of(170));
        assertThat(found.problems()).hasSize(1);
        assertThat(found.problems().get(0).toString()).contains("cont3", "/resources/cpu/lower");
    }

    @Test
    void a_document_of_ten_megabytes_is_reported_and_the_rest_is_served() throws IOException {
        put(
                "structures",
                "big",
                "{\"type\":\"structure\",\"subtype\":\"container\",\"name\":\"big\",\"x\":\"" + "x".repeat(10_000_000)
                        + "\"}");

        assertReported("structures", "big", "more than the 8000000 characters");
        assertRestIsServed();
        try (CouchDbStateStore fresh = server.store(prefix).build()) {
            assertThat(fresh.findAll(STRUCTURES)).hasSize(1);
        }
    }

    @Test
    void a_document_that_no_parser_reads_is_reported_and_the_rest_is_served() throws IOException {
        put(
                "structures",
                "deep",
                "{\"type\":\"structure\",\"subtype\":\"container\",\"name\":\"deep\",\"x\":" + "[".repeat(1_500)
                        + "]".repeat(1_500) + "}");

        assertReported("structures", "deep", "no readable JSON");
        assertRestIsServed();
        try (CouchDbStateStore fresh = server.store(prefix).build()) {
            assertThat(fresh.findAll(STRUCTURES)).hasSize(1);
            assertThat(fresh.problems()).hasSize(1);
        }
    }

    @Test
    void an_event_and_a_request_that_mean_nothing_are_reported_and_the_rest_is_served() throws IOException {
        store.addEvents(List.of(Documents.event(1)));
        put("events", "x4", "{\"type\":\"event\",\"name\":\"CpuBottleneck\",\"structure\":\"cont0\"}");
        put("requests", "x5", "{\"type\":\"wish\"}");

        assertReported("events", "x4", "/action is missing");
        assertReported("requests", "x5", "/type is \"wish\", 'request' is needed");
        assertThat(store.events()).hasSize(1);
        assertThat(store.removeEvents(List.of("x4"))).isOne();
    }

    @Test
    void what_couchdb_cannot_hold_is_refused_with_one_sentence_and_the_rest_is_written() {
        List<WriteOutcome<Structure>> outcomes = store.writeAll(
                STRUCTURES,
                List.of(
                        Write.create(container("_hidden")),
                        Write.replace(container("sound"), "no revision at all"),
                        Write.replace(container("sound2"), "1-abc"),
                        Write.create(container("fine"))));

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        WriteOutcome.Failed.class,
                        failed ->
                                assertThat(failed.reason()).contains("'_hidden'", "must not start with an underscore"));
        assertThat(outcomes.get(1)).isEqualTo(new WriteOutcome.Conflict<>("sound"));
        assertThat(outcomes.get(2)).isEqualTo(new WriteOutcome.Conflict<>("sound2"));
        assertThat(outcomes.get(3)).isInstanceOf(WriteOutcome.Written.class);
    }

    @Test
    void documents_of_other_programs_keep_their_id_and_the_fields_that_nobody_knows() throws IOException {
        put(
                "services",
                "8f2c",
                "{\"type\":\"service\",\"name\":\"guardian\",\"heartbeat\":\"\",\"x\":[1.50,null],"
                        + "\"config\":{\"COUNT\":1,\"WINDOW_TIMELAPSE\":10}}");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(store.find(SERVICES, "guardian")).isPresent());

        store.change(SERVICES, "guardian", Documents::incremented);

        var now = (ObjectNode) json(get("services", "8f2c"));
        now.remove("_rev");
        assertThat((Object) now)
                .isEqualTo(json("{\"_id\":\"8f2c\",\"type\":\"service\",\"name\":\"guardian\","
                        + "\"heartbeat\":\"\",\"x\":[1.50,null],\"config\":{\"COUNT\":2,\"WINDOW_TIMELAPSE\":10}}"));
        assertThatThrownBy(() -> store.create(SERVICES, Documents.counter("guardian", 1)))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    void attachments_of_other_programs_survive_a_change() throws IOException {
        put(
                "services",
                "with",
                "{\"type\":\"service\",\"name\":\"with\",\"config\":{\"COUNT\":1},\"_attachments\":"
                        + "{\"a.txt\":{\"content_type\":\"text/plain\",\"data\":\"aGVsbG8=\"}}}");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.find(SERVICES, "with")).isPresent());

        store.change(SERVICES, "with", Documents::incremented);

        assertThat(Json.MAPPER
                        .readTree(get("services", "with"))
                        .path("_attachments")
                        .path("a.txt")
                        .path("length")
                        .asInt())
                .isEqualTo(5);
    }

    private void assertReported(String database, String id, String why) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.problems())
                        .extracting(Object::toString)
                        .filteredOn(line -> line.startsWith("database '" + prefix + database + "', _id '" + id + "': "))
                        .singleElement()
                        .asString()
                        .contains(why)
                        .doesNotContain("\n"));
    }

    private void assertRestIsServed() {
        assertThat(store.findAll(STRUCTURES))
                .extracting(it -> it.document().name())
                .containsExactly("sound");
        assertThat(store.changeAll(STRUCTURES, Map.of("sound", it -> it.withGuard(true))))
                .allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
    }

    private static Structure container(String name) {
        return Structure.of(name, Structure.Subtype.CONTAINER);
    }

    private void put(String database, String id, String json) throws IOException {
        assertThat(server.request("PUT", prefix + database + "/" + id, json)).contains("\"ok\":true");
    }

    private String get(String database, String id) throws IOException {
        return server.request("GET", prefix + database + "/" + id, null);
    }

    private void delete(String database, String id) throws IOException {
        String revision = json(get(database, id)).path("_rev").asText();
        server.request("DELETE", prefix + database + "/" + id + "?rev=" + revision, null);
    }

    private static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
