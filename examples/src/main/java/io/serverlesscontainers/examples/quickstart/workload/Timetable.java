package io.serverlesscontainers.examples.quickstart.workload;

import java.time.Duration;

/**
 * When a run does what: it starts and ends traditional, with limits that stay as they are, and is serverless in between.
 *
 * @param duration length of the whole run, at least {@value #LEAST_WINDOWS} windows
 * @param window how often the policy looks, 100 ms to 10 s
 */
public record Timetable(Duration duration, Duration window) {
    /** Fewer windows show nothing at all. */
    public static final int LEAST_WINDOWS = 5;

    /** Fewer windows are not enough to scale every container down, up and down again. */
    static final int ENOUGH_WINDOWS = 45;

    private static final Duration SHORTEST_WINDOW = Duration.ofMillis(100);
    private static final Duration LONGEST_WINDOW = Duration.ofSeconds(10);
    private static final Duration LONGEST_RUN = Duration.ofHours(24);
    /** The traditional part at each end is one such part of the run. */
    private static final int PARTS = 12;

    /** Refuses what cannot show anything; the sentence names the least that can. */
    public Timetable {
        if (window.compareTo(SHORTEST_WINDOW) < 0 || window.compareTo(LONGEST_WINDOW) > 0) {
            throw new IllegalArgumentException("a window of " + words(window) + " is outside " + words(SHORTEST_WINDOW)
                    + " to " + words(LONGEST_WINDOW));
        }
        Duration least = window.multipliedBy(LEAST_WINDOWS);
        if (duration.compareTo(least) < 0) {
            throw new IllegalArgumentException("a run of " + words(duration) + " is too short: " + words(least)
                    + " are needed with a window of " + words(window));
        }
        if (duration.compareTo(LONGEST_RUN) > 0) {
            throw new IllegalArgumentException("a run of " + words(duration) + " is longer than " + words(LONGEST_RUN));
        }
    }

    /** Whether there is time to scale every container down, up and down again. */
    public boolean isLongEnough() {
        return duration.compareTo(window.multipliedBy(ENOUGH_WINDOWS)) >= 0;
    }

    /** When guarding starts, since the start of the run. */
    public Duration guardedFrom() {
        return duration.dividedBy(PARTS);
    }

    /** When guarding ends, since the start of the run. */
    public Duration guardedUntil() {
        return duration.minus(guardedFrom());
    }

    /** Whether limits follow usage at a moment of the run. */
    public boolean isGuarded(Duration elapsed) {
        return elapsed.compareTo(guardedFrom()) >= 0 && elapsed.compareTo(guardedUntil()) < 0;
    }

    /** A duration as people write it: {@code 500 ms}, {@code 1.5 s}, {@code 60 s}. */
    private static String words(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis / 1000.0 + " s";
    }
}
