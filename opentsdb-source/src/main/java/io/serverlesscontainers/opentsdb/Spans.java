package io.serverlesscontainers.opentsdb;

import java.time.Duration;

/** Refuses spans of time that make no sense. */
final class Spans {
    private Spans() {}

    static Duration positive(String what, Duration span) {
        if (span.toMillis() < 1 || span.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(what + " is " + span + ", a millisecond to an hour is allowed");
        }
        return span;
    }
}
