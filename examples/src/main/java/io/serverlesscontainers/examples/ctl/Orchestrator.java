package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Asks one Orchestrator, once for each request and with bounded patience. For one thread. */
final class Orchestrator implements AutoCloseable {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final int LONGEST_ANSWER_BYTES = 256 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpUrl server;
    private final Optional<String> token;
    private final Duration patience;
    private final OkHttpClient client;

    Orchestrator(HttpUrl server, Optional<String> token, Duration patience) {
        this.server = server;
        this.token = token;
        this.patience = patience;
        this.client = new OkHttpClient.Builder()
                .followRedirects(false) // the token stays with the server that it is for
                .connectTimeout(patience)
                .readTimeout(patience)
                .writeTimeout(patience)
                .callTimeout(patience)
                .build();
    }

    /**
     * Reads.
     *
     * @param path names, one for each part
     * @throws CtlException if there is no answer, or it is no
     */
    JsonNode get(List<String> path) {
        return ask(new Request.Builder().url(url(path)).get());
    }

    /** Changes; a body may be missing. */
    void put(JsonNode body, List<String> path) {
        String text = body.isMissingNode() ? "" : body.toString();
        ask(new Request.Builder().url(url(path)).put(RequestBody.create(text, JSON)));
    }

    /** Removes. */
    void delete(List<String> path) {
        ask(new Request.Builder().url(url(path)).delete());
    }

    /** Nothing in a name leads elsewhere. */
    private HttpUrl url(List<String> path) {
        HttpUrl.Builder url = server.newBuilder();
        for (String name : path) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new CtlException("'" + name + "' is no name that can be asked for");
            }
            url.addPathSegment(name);
        }
        return url.build();
    }

    private JsonNode ask(Request.Builder request) {
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        try (Response response = client.newCall(request.build()).execute();
                ResponseBody body = response.body()) {
            JsonNode json = parse(body);
            if (response.isSuccessful() && !json.isMissingNode()) {
                return json;
            }
            throw refused(response.code(), json);
        } catch (IOException failed) {
            throw new CtlException(
                    "the Orchestrator at " + shown() + " is away: " + Away.reason(failed, patience), failed);
        }
    }

    private CtlException refused(int status, JsonNode json) {
        String sentence = json.path("message").asText("");
        return new CtlException(
                sentence.isEmpty()
                        ? shown() + " answers " + status + (json.isMissingNode() ? " and no JSON" : "")
                                + ", as no Orchestrator does"
                        : sentence,
                status);
    }

    private static JsonNode parse(ResponseBody body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : body.byteStream().readNBytes(LONGEST_ANSWER_BYTES + 1);
        if (bytes.length > LONGEST_ANSWER_BYTES) {
            throw new IOException("its answer is longer than " + LONGEST_ANSWER_BYTES + " bytes");
        }
        try {
            return MAPPER.readTree(bytes);
        } catch (IOException noJson) {
            return MissingNode.getInstance();
        }
    }

    /** Without user and password. */
    private String shown() {
        return Shown.of(server.scheme() + "://" + server.host() + ":" + server.port());
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
