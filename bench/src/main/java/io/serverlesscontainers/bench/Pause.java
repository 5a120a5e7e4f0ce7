package io.serverlesscontainers.bench;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Waits for others. */
final class Pause {
    private Pause() {}

    static void of(Duration span) throws InterruptedIOException {
        try {
            Thread.sleep(span.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
