package io.serverlesscontainers.examples.quickstart.report;

import java.time.Duration;
import java.util.Collection;

/**
 * How long it took from the moment when a usage had crossed a threshold to the moment when the new limit was written.
 *
 * @param p50 half of them were at most this
 * @param p99 ninety-nine in a hundred were at most this
 * @param max the longest
 */
public record ReactionTimes(Duration p50, Duration p99, Duration max) {
    /** Percentiles by nearest rank; all zero if there was nothing to react to. */
    public static ReactionTimes of(Collection<Duration> times) {
        Duration[] sorted = times.stream().sorted().toArray(Duration[]::new);
        return new ReactionTimes(rank(sorted, 50), rank(sorted, 99), rank(sorted, 100));
    }

    private static Duration rank(Duration[] sorted, int percent) {
        if (sorted.length == 0) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
        return sorted[Math.max(1, rank) - 1];
    }
}
