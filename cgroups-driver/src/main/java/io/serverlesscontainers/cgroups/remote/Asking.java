package io.serverlesscontainers.cgroups.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Asks one Container Scaler, with bounded patience and a bounded number of attempts. All that is asked may be asked twice:
 * writing the same limit again changes nothing.
 */
final class Asking implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_BODY_BYTES = 16 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int NOT_AUTHORIZED = 401;

    private final OkHttpClient client;
    private final String server;
    private final Optional<String> token;
    private final int attempts;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * What the server said.
     *
     * @param json missing if it was no JSON
     */
    record Answer(int status, JsonNode json) {
        boolean isSuccess() {
            return status / 100 == 2;
        }

        /** What it complains of; empty if it says nothing. */
        String error() {
            return json.path("error").asText("");
        }

        /** Whether the same request may fare better soon: the server is not there yet, or has too much to do. */
        private boolean mayPass() {
            return status == TOO_MANY_REQUESTS || (status >= 500 && error().isEmpty());
        }
    }

    Asking(OkHttpClient client, String server, Optional<String> token, int attempts) {
        this.client = client;
        this.server = server;
        this.token = token;
        this.attempts = attempts;
    }

    /**
     * Asks until there is an answer.
     *
     * @param about begins the sentence of an exception
     * @throws UnreachableHostException if the server does not answer
     * @throws CgroupException if it answers what is no use
     */
    Answer ask(String about, Request request) {
        Request signed = token.map(it -> request.newBuilder()
                        .header("Authorization", "Bearer " + it)
                        .build())
                .orElse(request);
        for (int attempt = 1; ; attempt++) {
            refuseIfClosed();
            try {
                Answer answer = askOnce(signed);
                if (answer.status() == NOT_AUTHORIZED) {
                    throw new CgroupException(about + ": " + server + " refuses "
                            + (token.isPresent() ? "the token" : "a request without a token") + " (401)");
                }
                if (!answer.mayPass() || attempt >= attempts) {
                    return answer;
                }
            } catch (IOException failed) {
                refuseIfClosed();
                refuseIfInterrupted(about, failed);
                if (attempt >= attempts) {
                    throw new UnreachableHostException(
                            about + ": " + server + " does not answer, " + reason(failed), failed);
                }
            }
            pause(about, attempt);
        }
    }

    private Answer askOnce(Request request) throws IOException {
        try (Response response = client.newCall(request).execute();
                ResponseBody body = response.body()) {
            JsonNode json = MissingNode.getInstance();
            if (body != null) {
                json = parse(body.byteStream());
            }
            return new Answer(response.code(), json);
        }
    }

    private static JsonNode parse(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LONGEST_BODY_BYTES + 1);
        if (bytes.length > LONGEST_BODY_BYTES) {
            throw new IOException("the answer is longer than " + LONGEST_BODY_BYTES + " bytes");
        }
        try {
            JsonNode json = JSON.readTree(bytes);
            return json == null ? MissingNode.getInstance() : json;
        } catch (IOException noJson) {
            return MissingNode.getInstance();
        }
    }

    private static String reason(IOException failed) {
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : Shown.of(failed.getMessage());
    }

    private static void refuseIfInterrupted(String about, Exception failed) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CgroupException(about + ": interrupted while it was asked for", failed);
        }
    }

    /** Between half and all of a span that doubles. */
    private void pause(String about, int attempt) {
        long span = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempt - 1, 10));
        try {
            closed.await(span / 2 + ThreadLocalRandom.current().nextLong(span / 2 + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            refuseIfInterrupted(about, interrupted);
        }
    }

    void refuseIfClosed() {
        if (closed.getCount() == 0) {
            throw new CgroupException("the driver for " + server + " is closed");
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
