package io.serverlesscontainers.cgroups;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An Orchestrator over a store with a few documents, {@code documents.json}, and a Container Scaler whose machine is a tree
 * of files.
 */
final class OrchestratorOnTree implements AutoCloseable {
    private final ScalerOnTree scaler;
    private final StateStore store;
    private final RemoteHosts hosts;
    private final OrchestratorServer server;

    OrchestratorOnTree() {
        this(Listen.loopback(0), ScalerOnTree.UNLIMITED_RATE);
    }

    OrchestratorOnTree(Listen listen, int requestsPerSecond) {
        this(listen, requestsPerSecond, ScalerOnTree.withFourCpus(FixtureTree.Kind.V1), HostAccess.plain());
    }

    /** Over a store of its own, closed with it. */
    OrchestratorOnTree(StateStore store) {
        this(
                Listen.loopback(0),
                ScalerOnTree.UNLIMITED_RATE,
                ScalerOnTree.withFourCpus(FixtureTree.Kind.V1),
                HostAccess.plain(),
                store);
    }

    /** How the Orchestrator asks the Container Scaler, which is closed with it, is told. */
    OrchestratorOnTree(Listen listen, int requestsPerSecond, ScalerOnTree scaler, HostAccess access) {
        this(listen, requestsPerSecond, scaler, access, new InMemoryStateStore());
    }

    private OrchestratorOnTree(
            Listen listen, int requestsPerSecond, ScalerOnTree scaler, HostAccess access, StateStore store) {
        this.store = store;
        this.scaler = scaler;
        this.hosts = new RemoteHosts(store, access);
        for (Map.Entry<String, JsonNode> kind : documents().properties()) {
            for (JsonNode document : kind.getValue()) {
                create(DocumentKind.ofDatabase(kind.getKey()).orElseThrow(), document);
            }
        }
        server = new OrchestratorServer(store, hosts, listen, requestsPerSecond);
    }

    private static JsonNode documents() {
        try (InputStream stream = OrchestratorServer.class.getResourceAsStream("documents.json")) {
            return new ObjectMapper().readTree(stream);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private <D extends Document> void create(DocumentKind<D> kind, JsonNode document) {
        store.create(kind, kind.read(document));
    }

    URI url() {
        return server.url();
    }

    StateStore store() {
        return store;
    }

    ScalerOnTree scaler() {
        return scaler;
    }

    /** The port of the Container Scaler. */
    int scalerPort() {
        return scaler.url().getPort();
    }

    /** Everything in the store, with revisions: whatever was written since, it is another state. */
    Map<String, List<?>> state() {
        var state = new TreeMap<String, List<?>>();
        for (DocumentKind<?> kind : DocumentKind.all()) {
            state.put(kind.database(), store.findAll(kind));
        }
        state.put("events", store.events());
        state.put("requests", store.requests());
        return state;
    }

    @Override
    public void close() {
        server.close();
        hosts.close();
        store.close();
        scaler.close();
    }
}
