package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Hosts: one comes if its Container Scaler answers, and goes when it has no containers left. */
final class HostRoutes {
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int SHARES_PER_CORE = 100;
    private static final int MOST_CORES = 10_000;
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final Documents documents;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    HostRoutes(Documents documents) {
        this.documents = documents;
    }

    /** To be asked before routes whose first part is the name of a structure. */
    List<Route> routes() {
        return List.of(
                Route.put("/structure/host/{name}", this::add), Route.delete("/structure/host/{name}", this::remove));
    }

    /** With every core free, whatever the body says of cores. */
    private Reply add(RestRequest request) {
        ObjectNode host = NewStructure.sound(request.body(), "the body", request.name("name"), "host");
        long shares = host.at("/resources/cpu/max").asLong();
        if (shares < SHARES_PER_CORE || shares > (long) SHARES_PER_CORE * MOST_CORES) {
            throw new RestException(
                    BAD_REQUEST,
                    "max of cpu is " + Shown.of(host.at("/resources/cpu/max")) + ", " + SHARES_PER_CORE
                            + " shares for each core of the host are needed");
        }
        ObjectNode cores = ((ObjectNode) host.at("/resources/cpu")).putObject("core_usage_mapping");
        for (int core = 0; core < shares / SHARES_PER_CORE; core++) {
            cores.putObject(Integer.toString(core)).put("free", SHARES_PER_CORE);
        }
        requireAnswer(host);
        documents.create(DocumentKind.STRUCTURES, host);
        return StructureRoutes.done();
    }

    /** Any answer will do, also that a token is needed. */
    private void requireAnswer(ObjectNode host) {
        String ip = host.path("host_rescaler_ip").asText();
        String port = host.path("host_rescaler_port").asText();
        boolean usable = ADDRESS.matcher(ip).matches() && port.matches("[1-9][0-9]{0,4}");
        if (!usable || Integer.parseInt(port) > 65_535) {
            throw new RestException(
                    BAD_REQUEST,
                    "host_rescaler_ip and host_rescaler_port are " + Shown.of(host.get("host_rescaler_ip")) + " and "
                            + Shown.of(host.get("host_rescaler_port"))
                            + ", the address and the port of the host's Container Scaler are needed");
        }
        host.put("host_rescaler_port", port);
        URI heartbeat = URI.create("http://" + ip + ":" + port + "/heartbeat");
        try {
            int status = client.send(
                            HttpRequest.newBuilder(heartbeat).timeout(PATIENCE).build(), BodyHandlers.discarding())
                    .statusCode();
            if (status >= SERVER_ERROR) {
                throw new IOException("it answers " + status);
            }
        } catch (IOException away) {
            throw new RestException(
                    BAD_REQUEST, "the host's Container Scaler at " + ip + ":" + port + " does not answer", away);
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            throw new RestException(SERVER_ERROR, "the service is ending", ending);
        }
    }

    private Reply remove(RestRequest request) {
        String name = request.name("name");
        documents.requireSubtype(name, "host");
        for (JsonNode structure : documents.all(DocumentKind.STRUCTURES)) {
            if (structure.path("subtype").asText().equals("container")
                    && structure.path("host").asText().equals(name)) {
                throw new RestException(
                        BAD_REQUEST,
                        Shown.named("host", name) + " still has "
                                + Shown.named(
                                        "container", structure.path("name").asText())
                                + ": its containers must go first");
            }
        }
        documents.delete(DocumentKind.STRUCTURES, name);
        return StructureRoutes.done();
    }
}
