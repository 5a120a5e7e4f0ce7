package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** What an operator's scripts do with an Orchestrator. */
final class OrchestratorClient {
    private static final String DONE = "201\n";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final URI url;

    OrchestratorClient(URI url) {
        this.url = url;
    }

    void put(String path) throws IOException, InterruptedException {
        put(path, "");
    }

    void put(String path, String body) throws IOException, InterruptedException {
        assertThat(ask("PUT", path, body)).as("PUT %s %s", path, body).isEqualTo(DONE);
    }

    void delete(String path) throws IOException, InterruptedException {
        assertThat(ask("DELETE", path, "")).as("DELETE %s", path).isEqualTo(DONE);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return json.readTree(ask("GET", path, ""));
    }

    private String ask(String method, String path, String body) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(url.resolve(path))
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
