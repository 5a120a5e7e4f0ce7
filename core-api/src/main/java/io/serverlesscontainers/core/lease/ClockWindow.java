package io.serverlesscontainers.core.lease;

import java.time.Duration;

/**
 * The window that a moment lies in. Windows of one length follow each other without a gap since 1970, so that whoever has
 * the same clock and the same length means the same window.
 *
 * @param nowMillis the moment, in milliseconds since 1970, as all that follows
 * @param startMillis when the window begins
 * @param lengthMillis how long it is
 */
record ClockWindow(long nowMillis, long startMillis, long lengthMillis) {
    private static final int QUARTERS = 4;

    static ClockWindow at(long nowMillis, Duration length) {
        long millis = length.toMillis();
        return new ClockWindow(nowMillis, Math.floorDiv(nowMillis, millis) * millis, millis);
    }

    long endMillis() {
        return startMillis + lengthMillis;
    }

    /** From when on others may work on what a member, that began this window, has not given away: the window after next. */
    long validUntilMillis() {
        return endMillis() + lengthMillis;
    }

    /**
     * From when on others may work on what is given away in this window: the next one, so that none is missed, if a quarter
     * of this one is left to work in.
     */
    long handOverMillis() {
        return nowMillis <= startMillis + lengthMillis / 2 ? endMillis() : validUntilMillis();
    }

    /** What others may work on from a moment on, its owner leaves alone earlier than that: clocks differ. */
    long allowanceMillis() {
        return lengthMillis / QUARTERS;
    }

    /**
     * When work in the next window should begin: between a quarter and three eighths of it, so that clocks that differ
     * still mean the same window, and half of it is left.
     *
     * @param share from 0 to 1, for those who do not want to begin all at once
     */
    long nextBeginMillis(double share) {
        return endMillis() + Math.round(lengthMillis * (1 + share / 2) / QUARTERS);
    }
}
