package io.serverlesscontainers.examples.quickstart.terminal;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A run at one moment.
 *
 * @param elapsed since its start
 * @param duration its whole length
 * @param state what it is doing, in one word: traditional or serverless
 * @param rows each resource of each container
 */
public record Moment(Duration elapsed, Duration duration, String state, List<Row> rows) {
    /** Copies the list. */
    public Moment {
        Objects.requireNonNull(elapsed, "elapsed");
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(state, "state");
        rows = List.copyOf(rows);
    }

    /** How much of the run is over, 0 to 1. */
    double progress() {
        return Math.min(1, Math.max(0, (double) elapsed.toNanos() / Math.max(1, duration.toNanos())));
    }
}
