package io.serverlesscontainers.core.spi;

/**
 * What the kernel says about one resource of a structure over a window, beside its usage: whether it was held back. A
 * mean usage below the limit may hide that every other moment more was wanted than there was. Immutable.
 *
 * <p>Shares are of time, or of quota periods, from 0 to 1; a source whose clock and counters do not quite agree cuts
 * what comes out above 1. Counts are what was added in the window, not since the start of the structure. What a source
 * cannot tell is 0, so {@link #NONE} means "nothing was seen" as well as "nobody looked".
 *
 * @param throttledRatio CPU: of the quota periods with something to run, the share in which the quota was used up early
 * @param pressureSome pressure stall information, "some": the share of time in which at least one task waited for the
 *     resource
 * @param pressureFull pressure stall information, "full": the share of time in which all tasks waited at once
 * @param oomKills memory: how many processes the kernel killed because the limit left no other way
 * @param limitHits memory: how often usage ran into the limit ({@code memory.failcnt}, or {@code max} in
 *     {@code memory.events})
 */
public record Signals(double throttledRatio, double pressureSome, double pressureFull, long oomKills, long limitHits) {
    /** Nothing was seen, or nobody looked. */
    public static final Signals NONE = new Signals(0, 0, 0, 0, 0);

    /**
     * Refuses what cannot be.
     *
     * @throws IllegalArgumentException if a share is not from 0 to 1, or a count is negative
     */
    public Signals {
        requireShare("throttled ratio", throttledRatio);
        requireShare("pressure (some)", pressureSome);
        requireShare("pressure (full)", pressureFull);
        requireCount("OOM kills", oomKills);
        requireCount("limit hits", limitHits);
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " is " + share + ", a share from 0 to 1 is needed");
        }
    }

    private static void requireCount(String what, long count) {
        if (count < 0) {
            throw new IllegalArgumentException("number of " + what + " is " + count + ", 0 or more is needed");
        }
    }

    /** The same with another share of throttled periods. */
    public Signals withThrottledRatio(double ratio) {
        return new Signals(ratio, pressureSome, pressureFull, oomKills, limitHits);
    }

    /** The same with other shares of time spent waiting. */
    public Signals withPressure(double some, double full) {
        return new Signals(throttledRatio, some, full, oomKills, limitHits);
    }

    /** The same with another number of processes killed. */
    public Signals withOomKills(long kills) {
        return new Signals(throttledRatio, pressureSome, pressureFull, kills, limitHits);
    }

    /** The same with another number of times that the limit was hit. */
    public Signals withLimitHits(long hits) {
        return new Signals(throttledRatio, pressureSome, pressureFull, oomKills, hits);
    }
}
