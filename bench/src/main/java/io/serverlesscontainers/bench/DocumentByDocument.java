package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** The window of a client that asks for each structure's limits by name, with an index, and writes one by one. */
final class DocumentByDocument {
    private final CouchDbRequests server;
    private List<JsonNode> eventsBefore = new ArrayList<>();

    DocumentByDocument(OkHttpClient client, HttpUrl server, String prefix) {
        this.server = new CouchDbRequests(client, server, prefix);
    }

    /** Finds by name without reading all. */
    void index() throws IOException {
        server.post(
                "limits",
                "_index",
                CouchDbRequests.MAPPER.readTree("{\"index\":{\"fields\":[\"name\"]},\"name\":\"by-name\"}"));
        limits("cont0"); // builds it
    }

    void window(List<String> names, int window) throws IOException {
        var added = new ArrayList<JsonNode>(names.size());
        for (String name : names) {
            ObjectNode found = (ObjectNode) limits(name);
            String id = found.path("_id").asText();
            ObjectNode changed = StoreWindow.limits(DocumentKind.LIMITS.read(found), 100 + window)
                    .toJson();
            server.put("limits", id, changed);
            added.add(server.post("events", "", StoreWindow.event(name, window).toJson()));
        }
        for (JsonNode event : eventsBefore) {
            ObjectNode tombstone = CouchDbRequests.MAPPER.createObjectNode().put("_deleted", true);
            tombstone.put("_rev", event.path("rev").asText());
            server.put("events", event.path("id").asText(), tombstone);
        }
        eventsBefore = added;
    }

    private JsonNode limits(String name) throws IOException {
        ObjectNode query = CouchDbRequests.MAPPER.createObjectNode();
        query.putObject("selector").put("name", name);
        query.put("limit", 1);
        return server.post("limits", "_find", query).path("docs").path(0);
    }

    void remove(String database) throws IOException {
        server.removeDatabase(database);
    }
}
