package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.opentsdb.HttpFailure.Reason;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Posts to the server, once: signs, waits for the whole answer no longer than told, bounds its size, closes its body, and
 * says in one sentence what went wrong. Threads may share it.
 */
final class Http implements AutoCloseable {
    /** Reads and writes JSON; a bare {@code NaN}, which JSON has not, is what some servers answer. */
    static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build());

    private static final MediaType JSON = MediaType.get("application/json");
    private static final int LONGEST_ERROR_BYTES = 16_384;

    private final Server server;
    private final OkHttpClient client;
    private final long longestAnswerBytes;
    private volatile boolean closed;

    /** Takes an answer from its bytes. */
    interface Reader<T> {
        T read(InputStream body) throws IOException;
    }

    Http(Server server, long longestAnswerBytes) {
        this.server = server;
        this.longestAnswerBytes = longestAnswerBytes;
        this.client = server.client()
                .newBuilder()
                .dispatcher(new Dispatcher())
                .connectionPool(new ConnectionPool(4, 30, TimeUnit.SECONDS))
                .retryOnConnectionFailure(false) // who asks counts the attempts
                .followRedirects(false) // credentials stay with the server they are for
                .connectTimeout(Duration.ZERO) // one limit for all of a call, given with it
                .readTimeout(Duration.ZERO)
                .writeTimeout(Duration.ZERO)
                .build();
    }

    /**
     * Posts a gzipped JSON document, and reads the answer.
     *
     * @param path beneath the server's URL, such as {@code api/query}, with a query string if need be
     * @param withStatus400 whether an answer in JSON with this status is for the reader too
     * @throws HttpFailure if there is no answer, or it is none for the reader
     */
    <T> T post(String path, byte[] gzipped, Duration timeout, boolean withStatus400, Reader<T> reader)
            throws HttpFailure {
        int question = path.indexOf('?');
        HttpUrl.Builder url = server.url().newBuilder();
        url.addPathSegments(question < 0 ? path : path.substring(0, question));
        if (question >= 0) {
            url.query(path.substring(question + 1));
        }
        Request.Builder request = new Request.Builder()
                .url(url.build())
                .header("Accept", "application/json")
                .header("Content-Encoding", "gzip")
                .post(RequestBody.create(gzipped, JSON));
        if (server.authorization() != null) {
            request.header("Authorization", server.authorization());
        }
        Call call = client.newCall(request.build());
        call.timeout().timeout(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        try (Response response = call.execute()) {
            boolean json = !isHtml(response);
            if (response.isSuccessful() && !json) {
                throw new HttpFailure(Reason.UNREADABLE, response.code(), "the answer is HTML instead of JSON", null);
            }
            if (response.isSuccessful() || response.code() == 400 && withStatus400 && json) {
                return read(response, reader);
            }
            throw HttpFailure.answered(response.code(), errorIn(response));
        } catch (HttpFailure e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new HttpFailure(
                    Reason.UNREADABLE, 0, "the answer is no readable JSON: " + Shown.of(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private <T> T read(Response response, Reader<T> reader) throws IOException {
        try {
            return reader.read(new BoundedStream(response.body().byteStream(), longestAnswerBytes));
        } catch (JsonProcessingException e) {
            throw response.isSuccessful() ? e : HttpFailure.answered(response.code(), "");
        }
    }

    private static boolean isHtml(Response response) {
        MediaType type = response.body().contentType();
        return type != null && type.subtype().contains("html");
    }

    private static String errorIn(Response response) {
        if (isHtml(response)) {
            return "";
        }
        try (InputStream body = response.body().byteStream()) {
            JsonNode error = MAPPER.readTree(body.readNBytes(LONGEST_ERROR_BYTES));
            return error == null ? "" : error.path("error").path("message").asText();
        } catch (IOException noJson) {
            return "";
        }
    }

    private HttpFailure failure(IOException e) {
        if (closed) {
            return new HttpFailure(Reason.CLOSED, 0, "closed", e);
        }
        if (Thread.currentThread().isInterrupted()) {
            return new HttpFailure(Reason.INTERRUPTED, 0, "the thread that asked was interrupted", e);
        }
        if (e instanceof AnswerTooLongException) {
            return new HttpFailure(Reason.TOO_LONG, 0, e.getMessage(), e);
        }
        if (e instanceof InterruptedIOException || e instanceof SocketTimeoutException) {
            return new HttpFailure(Reason.TOO_LATE, 0, "it did not answer in time", e);
        }
        if (e instanceof ConnectException
                || e instanceof UnknownHostException
                || e instanceof NoRouteToHostException
                || e instanceof SSLHandshakeException) {
            return new HttpFailure(Reason.UNREACHABLE, 0, "it cannot be reached: " + reasonOf(e), e);
        }
        return new HttpFailure(Reason.CUT_OFF, 0, "the connection failed: " + reasonOf(e), e);
    }

    private static String reasonOf(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : Shown.of(e.getMessage());
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends calls that are under way. */
    @Override
    public void close() {
        closed = true;
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
