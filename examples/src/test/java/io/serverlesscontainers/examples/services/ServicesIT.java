package io.serverlesscontainers.examples.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.JarProcess;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The services as an operator starts them: each a process of the runnable jar, meeting in a server like CouchDB. */
class ServicesIT {
    private static final Duration PATIENCE = JarProcess.PATIENCE;

    @TempDir
    private Path directory;

    private final Map<ServiceKind, JarProcess> processes = new EnumMap<>(ServiceKind.class);

    @AfterEach
    void end() {
        processes.values().forEach(JarProcess::close);
    }

    @Test
    void each_follows_its_document_shows_that_it_lives_and_ends_in_time() throws Exception {
        CouchDbLike server = CouchDbLike.shared();
        try (CouchDbStateStore store =
                CouchDbStateStore.builder(server.urlWithUser()).build()) {
            for (ServiceKind kind : ServiceKind.values()) {
                store.find(DocumentKind.SERVICES, kind.document())
                        .ifPresent(old -> store.delete(DocumentKind.SERVICES, kind.document(), old.revision()));
                store.create(
                        DocumentKind.SERVICES,
                        new ServiceDocument(
                                kind.document(),
                                Map.of(
                                        "WINDOW_TIMELAPSE", number(1),
                                        "POLLING_FREQUENCY", number(1),
                                        "DELAY", number(1)),
                                Map.of(),
                                List.of()));
                var process = new JarProcess(
                        kind.command(),
                        directory,
                        // Nobody listens there: a service without usage has to live on.
                        Map.of(),
                        kind.command(),
                        "--couchdb",
                        server.urlWithUser(),
                        "--opentsdb",
                        "http://127.0.0.1:1");
                processes.put(kind, process);
                process.start();
            }
            for (ServiceKind kind : ServiceKind.values()) {
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(heartbeat(store, kind)).isPositive());
                URI url = processes.get(kind).url();
                assertThat(get(url.resolve("/heartbeat"))).contains("\"" + kind.command() + "\"", "alive");
                assertThat(get(url.resolve("/metrics"))).contains("service_windows_seconds_count");
            }

            set(store, ServiceKind.SCALER, "POLLING_FREQUENCY", JsonNodeFactory.instance.textNode("often"));
            set(store, ServiceKind.GUARDIAN, "ACTIVE", JsonNodeFactory.instance.booleanNode(false));
            String sentence = "service 'scaler': POLLING_FREQUENCY is \"often\", a number of seconds above 0 is needed;"
                    + " PT1S stays";
            await().atMost(PATIENCE).until(() -> out(ServiceKind.SCALER).contains(sentence));
            await().atMost(PATIENCE)
                    .until(() -> out(ServiceKind.GUARDIAN)
                            .contains("guardian is not active: nothing is done until ACTIVE is true"));
            long then = heartbeat(store, ServiceKind.SCALER);
            await().atMost(PATIENCE).until(() -> heartbeat(store, ServiceKind.SCALER) > then + 2);
            assertThat(out(ServiceKind.SCALER).split(Pattern.quote(sentence), -1))
                    .hasSize(2);
        }
        for (ServiceKind kind : ServiceKind.values()) {
            assertThat(processes.get(kind).stop())
                    .as("the end of %s: %s", kind.command(), out(kind))
                    .isLessThan(Duration.ofSeconds(2));
            assertThat(out(kind)).contains("ended").doesNotContain(server.password());
        }
    }

    @Test
    void what_is_missing_is_one_sentence_and_two() throws Exception {
        var process = new JarProcess("guardian", directory, Map.of(), "guardian");
        assertThat(process.runToItsEnd()).isEqualTo(2);
        assertThat(process.log())
                .startsWith("guardian: --couchdb is missing, the URL of the CouchDB with the state is needed");
    }

    private String out(ServiceKind kind) throws Exception {
        return processes.get(kind).log();
    }

    private static String get(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                .body();
    }

    private static long heartbeat(CouchDbStateStore store, ServiceKind kind) {
        return store.find(DocumentKind.SERVICES, kind.document())
                .map(found -> found.document().otherFields().get("heartbeat"))
                .map(JsonNode::asLong)
                .orElse(0L);
    }

    private static void set(CouchDbStateStore store, ServiceKind kind, String key, JsonNode value) {
        store.change(DocumentKind.SERVICES, kind.document(), document -> document.withConfig(key, value));
    }

    private static JsonNode number(long value) {
        return JsonNodeFactory.instance.numberNode(value);
    }
}
