package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.couchdb.HttpFailure.Reason;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor.Chain;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Asks the server: signs, waits for an answer with bounded patience, tries again, closes every body, and says in one
 * sentence what went wrong. Does not give in to an interrupt, because other threads' writes may travel in the same
 * request; the interrupt is kept for the caller.
 */
final class Http implements AutoCloseable {
    static final MediaType JSON = MediaType.get("application/json");

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final int MOST_IDLE_CONNECTIONS = 16;
    /** Less than the 5 s after which many a server or proxy closes one: a write just then would be in doubt. */
    private static final Duration LONGEST_IDLE = Duration.ofSeconds(4);

    private static final int LONGEST_ERROR_BYTES = 4_096;

    private final Settings settings;
    private final OkHttpClient client;
    private final CountDownLatch closed = new CountDownLatch(1);
    // OkHttp's dispatcher forgets a call when the head of its answer is there, and that of a poll is there at once.
    private final Set<Call> underWay = ConcurrentHashMap.newKeySet();

    /** Takes an answer's JSON from a parser that stands before its first token. */
    interface Reader<T> {
        T read(JsonParser json) throws IOException;
    }

    /**
     * What was read, and whether it is the answer to a second attempt after one of which nobody knows what it did.
     */
    record Answer<T>(T value, boolean isAfterDoubt) {}

    /** Goes with a request, to tell whether it has left: before that nothing can have happened. */
    private static final class Departure {
        private volatile boolean hasLeft;

        static Response note(Chain chain) throws IOException {
            Departure departure = chain.request().tag(Departure.class);
            if (departure != null) {
                departure.hasLeft = true;
            }
            return chain.proceed(chain.request());
        }
    }

    Http(Settings settings) {
        this.settings = settings;
        this.client = settings.client()
                .newBuilder()
                .dispatcher(new Dispatcher())
                .connectionPool(
                        new ConnectionPool(MOST_IDLE_CONNECTIONS, LONGEST_IDLE.toMillis(), TimeUnit.MILLISECONDS))
                .retryOnConnectionFailure(false) // it would send a write twice without telling
                .followRedirects(false) // credentials stay with the server they are for
                .connectTimeout(settings.timeout())
                .readTimeout(settings.timeout())
                .writeTimeout(settings.timeout())
                .callTimeout(settings.timeout())
                .addInterceptor(chain -> {
                    if (isClosed()) {
                        throw new IOException("closed");
                    }
                    return chain.proceed(chain.request());
                })
                .addInterceptor(settings.authentication())
                .addNetworkInterceptor(Departure::note)
                .build();
    }

    /** Asks as often as the settings allow. */
    <T> Answer<T> ask(String about, Request request, Reader<T> reader) {
        boolean interrupted = Thread.interrupted();
        boolean inDoubt = false;
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return new Answer<>(askOnce(client, about, request, reader), inDoubt);
                } catch (HttpFailure e) {
                    interrupted |= Thread.interrupted();
                    inDoubt |= e.mayHaveHappened();
                    if (!e.mayPass() || attempt >= settings.attempts()) {
                        throw inDoubt ? e.afterDoubt() : e;
                    }
                    interrupted |= pause(pauseAfter(attempt));
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Asks once, and waits for the answer some time longer than usual. */
    <T> T askPatiently(String about, Request request, Duration longer, Reader<T> reader) {
        Duration patience = settings.timeout().plus(longer);
        OkHttpClient patient =
                client.newBuilder().readTimeout(patience).callTimeout(patience).build();
        return askOnce(patient, about, request, reader);
    }

    private <T> T askOnce(OkHttpClient by, String about, Request request, Reader<T> reader) {
        requireOpen();
        var departure = new Departure();
        Request noted = request.newBuilder().tag(Departure.class, departure).build();
        Call call = by.newCall(noted);
        underWay.add(call); // the interceptor looks whether all is closed after this
        try (Response response = call.execute()) {
            if (response.isSuccessful()) {
                return read(about, response, reader);
            }
            throw refusal(about, response);
        } catch (JsonProcessingException e) {
            if (e instanceof JsonEOFException || e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
                throw failure(Reason.CUT_OFF, about, "the answer was cut off", e);
            }
            throw failure(Reason.UNREADABLE, about, "the answer is no readable JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            requireOpen();
            throw departure.hasLeft
                    ? failure(Reason.CUT_OFF, about, "the connection failed: " + Unreachable.reasonOf(e), e)
                    : failure(Reason.UNREACHABLE, about, Unreachable.sentence(e), e);
        } finally {
            underWay.remove(call);
        }
    }

    private <T> T read(String about, Response response, Reader<T> reader) throws IOException {
        MediaType type = response.body().contentType();
        if (type != null && type.subtype().contains("html")) {
            throw failure(Reason.UNREADABLE, about, "the answer is HTML instead of JSON", null);
        }
        try (JsonParser json = Json.MAPPER.createParser(response.body().byteStream())) {
            T value = reader.read(json);
            json.nextToken(); // to the end of the body, so that the connection can be used again
            return value;
        }
    }

    private HttpFailure refusal(String about, Response response) {
        int status = response.code();
        if (status == 401) {
            String who = settings.authentication()
                    .user()
                    .map(it -> "user '" + it + "'")
                    .orElse("a request without a user");
            String refused = about + ": the server refuses " + who + " (401)" + errorIn(response);
            return new HttpFailure(Reason.REFUSED, status, refused, null);
        }
        String sentence = about + ": the server answered " + status + errorIn(response);
        return new HttpFailure(status >= 500 ? Reason.SERVER_ERROR : Reason.REFUSED, status, sentence, null);
    }

    private static String errorIn(Response response) {
        try (InputStream body = response.body().byteStream()) {
            JsonNode error = Json.MAPPER.readTree(body.readNBytes(LONGEST_ERROR_BYTES));
            return error == null || !error.has("error")
                    ? ""
                    : " (" + Shown.of(error.path("error").asText()) + ": "
                            + Shown.of(error.path("reason").asText()) + ")";
        } catch (IOException noJson) {
            return "";
        }
    }

    private static HttpFailure failure(Reason reason, String about, String sentence, Throwable cause) {
        return new HttpFailure(reason, 0, about + ": " + sentence, cause);
    }

    /** Between half and all of a span that doubles, up to the retry interval. */
    private Duration pauseAfter(int attempt) {
        long span = Math.min(settings.retryInterval().toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 20));
        return Duration.ofMillis(span / 2 + ThreadLocalRandom.current().nextLong(span / 2 + 1));
    }

    /** Waits, but not beyond the end of the store; returns whether it was interrupted. */
    boolean pause(Duration span) {
        try {
            closed.await(span.toNanos(), TimeUnit.NANOSECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    void requireOpen() {
        if (isClosed()) {
            throw new HttpFailure(Reason.CLOSED, 0, "the store is closed", null);
        }
    }

    int connectionCount() {
        return client.connectionPool().connectionCount();
    }

    @Override
    public void close() {
        closed.countDown();
        underWay.forEach(Call::cancel);
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    /** Gives up the connections that calls cancelled by {@link #close()} have given back since. */
    void evict() {
        client.connectionPool().evictAll();
    }
}
