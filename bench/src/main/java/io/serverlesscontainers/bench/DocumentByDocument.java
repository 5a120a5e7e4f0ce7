package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** The window of a client that asks for each structure's limits by name, with an index, and writes one by one. */
final class DocumentByDocument {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final MediaType JSON = MediaType.get("application/json");

    private final OkHttpClient client;
    private final HttpUrl server;
    private final String prefix;
    private final String authorization;
    private List<JsonNode> eventsBefore = new ArrayList<>();

    DocumentByDocument(OkHttpClient client, HttpUrl server, String prefix) {
        this.client = client;
        this.server = server.newBuilder().username("").password("").build();
        this.prefix = prefix;
        this.authorization = Credentials.basic(server.username(), server.password());
    }

    /** Finds by name without reading all. */
    void index() throws IOException {
        ask("POST", "limits", "_index", MAPPER.readTree("{\"index\":{\"fields\":[\"name\"]},\"name\":\"by-name\"}"));
        limits("cont0"); // builds it
    }

    void window(List<String> names, int window) throws IOException {
        var added = new ArrayList<JsonNode>(names.size());
        for (String name : names) {
            ObjectNode found = (ObjectNode) limits(name);
            String id = found.path("_id").asText();
            ObjectNode changed = StoreWindow.limits(DocumentKind.LIMITS.read(found), 100 + window)
                    .toJson();
            ask("PUT", "limits", id, changed);
            added.add(ask("POST", "events", "", StoreWindow.event(name, window).toJson()));
        }
        for (JsonNode event : eventsBefore) {
            ObjectNode tombstone = MAPPER.createObjectNode().put("_deleted", true);
            tombstone.put("_rev", event.path("rev").asText());
            ask("PUT", "events", event.path("id").asText(), tombstone);
        }
        eventsBefore = added;
    }

    private JsonNode limits(String name) throws IOException {
        ObjectNode query = MAPPER.createObjectNode();
        query.putObject("selector").put("name", name);
        query.put("limit", 1);
        return ask("POST", "limits", "_find", query).path("docs").path(0);
    }

    void remove(String database) throws IOException {
        HttpUrl url = server.newBuilder().addPathSegment(prefix + database).build();
        Request request = new Request.Builder()
                .url(url)
                .header("Authorization", authorization)
                .delete()
                .build();
        client.newCall(request).execute().close();
    }

    private JsonNode ask(String method, String database, String what, JsonNode body) throws IOException {
        HttpUrl.Builder url = server.newBuilder().addPathSegment(prefix + database);
        if (!what.isEmpty()) {
            url.addPathSegment(what);
        }
        Request request = new Request.Builder()
                .url(url.build())
                .header("Authorization", authorization)
                .header("Accept", "application/json")
                .method(method, RequestBody.create(MAPPER.writeValueAsBytes(body), JSON))
                .build();
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException(method + " " + url + " was answered with " + response.code());
            }
            return MAPPER.readTree(response.body().byteStream());
        }
    }
}
