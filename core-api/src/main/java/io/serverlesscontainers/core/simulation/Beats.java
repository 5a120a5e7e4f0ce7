package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Checks, and the arithmetic of equal stretches of time, that the demands have in common. */
final class Beats {
    /** As good as forever, and still a number of nanoseconds. */
    static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);

    private Beats() {}

    /** When the stretch of time that an instant lies in ends. */
    static Duration end(Duration sinceStart, Duration length) {
        long nanos = length.toNanos();
        return Duration.ofNanos((sinceStart.toNanos() / nanos + 1) * nanos);
    }

    static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    static void requireLevel(String what, double level) {
        if (!(level >= 0) || Double.isInfinite(level)) {
            throw new IllegalArgumentException(what + " demand is " + level + ", a finite number from 0 on is needed");
        }
    }

    static void requireLonger(String what, Duration length, Duration least) {
        if (length.compareTo(least) <= 0) {
            throw new IllegalArgumentException(what + " is " + length + ", more than " + least + " is needed");
        }
    }

    static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " is " + share + ", 0 to 1 is needed");
        }
    }
}
