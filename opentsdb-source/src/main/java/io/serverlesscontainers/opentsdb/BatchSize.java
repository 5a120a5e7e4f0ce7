package io.serverlesscontainers.opentsdb;

import java.time.Duration;

/**
 * How many points travel in one request. OpenTSDB without {@code tsd.http.request.enable_chunked}, which is off unless
 * configured, refuses bodies of more than 8 KiB with an HTML page, and closes the connection on one that is longer than
 * {@code tsd.http.request.max_chunk}; what it takes is found out by halves, and forgotten after a while, since servers are
 * configured anew. For one thread.
 */
final class BatchSize {
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    /** No server refuses a body for its length up to here. */
    static final int ALWAYS_TAKEN_BYTES = 8_000;

    private final int most;
    private int now;
    private long learnedAt;

    BatchSize(int most) {
        this.most = most;
        this.now = most;
    }

    int points() {
        if (now < most && System.nanoTime() - learnedAt > REMEMBERED.toNanos()) {
            now = most;
        }
        return now;
    }

    void refused(int points) {
        now = Math.max(1, Math.min(now, points / 2));
        learnedAt = System.nanoTime();
    }
}
