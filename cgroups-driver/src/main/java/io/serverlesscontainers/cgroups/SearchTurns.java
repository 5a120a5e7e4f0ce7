package io.serverlesscontainers.cgroups;

import java.util.function.LongSupplier;

/**
 * Whose turn it is to be looked for, among the containers that are missing. Looking for all of them in each window would
 * take most of a core where a thousand are gone. So it may take a fiftieth of the time since the call before, but one is
 * always looked for; and nobody is looked for a second time before all others were. For one thread.
 */
final class SearchTurns {
    private static final int REST_PER_WORK = 50;

    private final LongSupplier nanoTime;
    private long round;
    private boolean someoneWaits;
    private int looks;
    private long begun;
    private long budget;

    /** With a monotonic clock, in nanoseconds. */
    SearchTurns(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /** A call begins. */
    void begin() {
        long now = nanoTime.getAsLong();
        budget = (now - begun) / REST_PER_WORK;
        begun = now;
        looks = 0;
        if (!someoneWaits) {
            round++;
        }
        someoneWaits = false;
    }

    /** Whether to look for a container that was last looked for in some {@link #round}. */
    boolean mayLook(long lastRound) {
        if (lastRound == round) {
            return false;
        }
        if (looks > 0 && nanoTime.getAsLong() - begun >= budget) {
            someoneWaits = true;
            return false;
        }
        looks++;
        return true;
    }

    /** What to remember of a container that was looked for now. */
    long round() {
        return round;
    }
}
