package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Asks a CouchDB for one thing after the other; the databases have names with a prefix of their own. */
final class CouchDbRequests {
    static final JsonMapper MAPPER = new JsonMapper();
    private static final MediaType JSON = MediaType.get("application/json");

    private final OkHttpClient client;
    private final HttpUrl server;
    private final String prefix;
    private final String authorization;

    CouchDbRequests(OkHttpClient client, HttpUrl server, String prefix) {
        this.client = client;
        this.server =
                server.newBuilder().username("").password("").encodedPath("/").build();
        this.prefix = prefix;
        this.authorization = Credentials.basic(server.username(), server.password());
    }

    JsonNode get(String database, String path) throws IOException {
        return answer(request(database, path).get().build());
    }

    JsonNode put(String database, String path, JsonNode json) throws IOException {
        return answer(request(database, path).put(body(json)).build());
    }

    JsonNode post(String database, String path, JsonNode json) throws IOException {
        return answer(request(database, path).post(body(json)).build());
    }

    /** Whether it is there or not. */
    void removeDatabase(String database) throws IOException {
        client.newCall(request(database, "").delete().build()).execute().close();
    }

    private static RequestBody body(JsonNode json) throws IOException {
        return RequestBody.create(MAPPER.writeValueAsBytes(json), JSON);
    }

    private Request.Builder request(String database, String path) {
        return new Request.Builder()
                .url(server + prefix + database + (path.isEmpty() ? "" : "/" + path))
                .header("Authorization", authorization)
                .header("Accept", "application/json");
    }

    private JsonNode answer(Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException(request.method() + " " + request.url() + " was answered with " + response.code());
            }
            return MAPPER.readTree(response.body().byteStream());
        }
    }
}
