package io.serverlesscontainers.examples.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an Orchestrator answers and changes, over real sockets and a store in memory. */
class OrchestratorTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final StateStore store = new InMemoryStateStore();
    private final RemoteHosts hosts = new RemoteHosts(store, HostAccess.plain());
    private OrchestratorServer server;

    @BeforeEach
    void begin() throws IOException {
        JsonNode documents = resource("documents.json");
        for (Map.Entry<String, JsonNode> kind : documents.properties()) {
            for (JsonNode document : kind.getValue()) {
                create(DocumentKind.ofDatabase(kind.getKey()).orElseThrow(), document);
            }
        }
        server = new OrchestratorServer(store, hosts, Listen.loopback(0), 1_000_000);
    }

    private <D extends Document> void create(DocumentKind<D> kind, JsonNode document) {
        store.create(kind, kind.read(document));
    }

    @AfterEach
    void end() {
        server.close();
        hosts.close();
        store.close();
    }

    private static JsonNode resource(String name) throws IOException {
        try (InputStream stream = OrchestratorTest.class.getResourceAsStream(name)) {
            return JSON.readTree(stream);
        }
    }

    @Test
    void a_change_keeps_what_it_does_not_know() throws Exception {
        JsonNode before = store.find(DocumentKind.STRUCTURES, "cont0")
                .orElseThrow()
                .document()
                .toJson();
        put("/structure/cont0/guard", "");
        JsonNode after = store.find(DocumentKind.STRUCTURES, "cont0")
                .orElseThrow()
                .document()
                .toJson();
        assertThat(before.path("guard_policy").textValue()).isEqualTo("serverless");
        ((ObjectNode) before).put("guard", true);
        assertThat(after).isEqualTo(before);
    }

    @Test
    void changes_at_the_same_time_are_all_kept() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var asked = new ArrayList<Future<String>>();
            for (int i = 0; i < 40; i++) {
                String key = "OWN_" + i;
                asked.add(threads.submit(() -> put("/service/guardian/" + key, "{\"value\":\"1\"}")));
            }
            for (var answer : asked) {
                assertThat(answer.get()).isEqualTo("201\n");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.find(DocumentKind.SERVICES, "guardian")
                        .orElseThrow()
                        .document()
                        .config()
                        .keySet())
                .filteredOn(key -> key.startsWith("OWN_"))
                .hasSize(40);
    }

    private String put(String path, String body) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(server.url().resolve(path))
                                .PUT(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    @Test
    void the_description_has_every_route_and_no_other() throws Exception {
        try (var metrics = new ServiceMetrics("test")) {
            assertThat(new Description(OrchestratorServer.class).operations())
                    .containsExactlyInAnyOrderElementsOf(
                            OrchestratorServer.settings(store, hosts, Listen.loopback(0), metrics)
                                    .operations());
        }
    }
}
