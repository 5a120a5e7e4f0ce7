package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Limits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a CouchDB 3.5 does that a smaller server does not: it forgets sequences, refuses documents, renews cookies. */
class ClusterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final CouchDbLike server = CouchDbLike.cluster();
    private final String prefix = CouchDbLike.newPrefix();
    private final Traffic traffic = new Traffic();
    private final CouchDbStateStore store =
            server.store(prefix).client(traffic.client()).build();

    @AfterEach
    void close() {
        store.close();
        assertThat(traffic.held()).isZero();
    }

    @Test
    void what_happened_while_the_server_forgot_its_sequences_is_read_again() throws IOException {
        store.create(SERVICES, Documents.counter("guardian", 1));
        store.create(SERVICES, Documents.counter("scaler", 1));
        traffic.forget();

        server.request("POST", "_forget", "{}");
        String scaler = server.request("GET", prefix + "services/scaler", null);
        String revision = Json.MAPPER.readTree(scaler).path("_rev").asText();
        server.request("DELETE", prefix + "services/scaler?rev=" + revision, null);
        server.request("PUT", prefix + "services/refeeder", "{\"name\":\"refeeder\"}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.findAll(SERVICES))
                        .extracting(it -> it.document().name())
                        .containsExactlyInAnyOrder("guardian", "refeeder"));
        assertThat(traffic.wholePages()).contains("/" + prefix + "services/_all_docs");
    }

    @Test
    void a_document_beyond_the_servers_limit_is_one_sentence_and_the_rest_of_the_page_is_written() {
        List<WriteOutcome<Limits>> outcomes = write("x", "x".repeat(9_000_000), "y", "small", "z", "small");

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        WriteOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("limits 'a0' was not written: ")
                                .contains("413 (document_too_large: a0)")
                                .hasSizeLessThan(300));
        assertThat(outcomes.subList(1, 3)).allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
    }

    @Test
    void what_a_rule_of_the_database_forbids_is_one_sentence_and_the_rest_of_the_page_is_written() {
        List<WriteOutcome<Limits>> outcomes = write("wish", "forbidden", "b", "small");

        assertThat(outcomes.get(0))
                .isEqualTo(new WriteOutcome.Failed<>(
                        "a0",
                        "limits 'a0' was not written: database '" + prefix
                                + "limits', _id 'a0': the server answered 'forbidden' (as it wished)"));
        assertThat(outcomes.get(1)).isInstanceOf(WriteOutcome.Written.class);
    }

    @Test
    void a_write_on_which_the_servers_do_not_agree_is_perhaps_not_written() {
        List<WriteOutcome<Limits>> outcomes = write("wish", "internal_server_error", "b", "small");

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        WriteOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .startsWith("limits 'a0' (_id 'a0') was perhaps not written: ")
                                .contains("'internal_server_error' (as it wished)"));
        assertThat(outcomes.get(1)).isInstanceOf(WriteOutcome.Written.class);
    }

    /** Creates limits a0, a1, … each with one more field, given as its name and value. */
    private List<WriteOutcome<Limits>> write(String... fields) {
        var writes = new ArrayList<Write<Limits>>();
        for (int i = 0; i < fields.length; i += 2) {
            Map<String, JsonNode> other = Map.of(fields[i], TextNode.valueOf(fields[i + 1]));
            writes.add(Write.create(new Limits("a" + i / 2, Map.of(), Map.of(), other, List.of())));
        }
        return store.writeAll(LIMITS, writes);
    }

    @Test
    void a_cookie_is_renewed_by_any_answer_before_it_ends() {
        Set<String> shown = ConcurrentHashMap.newKeySet();
        var signedOn = new AtomicInteger();
        OkHttpClient client = new OkHttpClient.Builder()
                .addNetworkInterceptor(chain -> {
                    String cookie = chain.request().header("Cookie");
                    if (cookie != null) {
                        shown.add(cookie);
                    }
                    if (chain.request().url().encodedPath().equals("/_session")) {
                        signedOn.incrementAndGet();
                    }
                    return chain.proceed(chain.request());
                })
                .build();
        try (CouchDbStateStore cookies = server.store(prefix)
                .cookies()
                .client(client)
                .pollTimeout(Duration.ofMillis(200))
                .build()) {
            cookies.findAll(SERVICES);

            await().atMost(PATIENCE).until(() -> shown.size() > 2 * signedOn.get());
        }
    }
}
