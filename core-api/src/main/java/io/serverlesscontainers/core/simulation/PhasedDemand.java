package io.serverlesscontainers.core.simulation;

import java.time.Duration;
import java.util.Arrays;

/**
 * One level after the other, each for a while. The last level stays, unless the phases are {@link #repeated}. Immutable:
 * {@link #then} gives another demand.
 */
public final class PhasedDemand implements Demand {
    private final long[] ends;
    private final double[] levels;
    private final boolean again;

    private PhasedDemand(long[] ends, double[] levels, boolean again) {
        this.ends = ends;
        this.levels = levels;
        this.again = again;
    }

    static PhasedDemand startingWith(Duration length, double level) {
        return new PhasedDemand(new long[0], new double[0], false).then(length, level);
    }

    /**
     * One phase more, at the end.
     *
     * @throws IllegalArgumentException if the length is not above 0, or the level is negative or no number
     */
    public PhasedDemand then(Duration length, double level) {
        Beats.requireLonger("length of a phase", length, Duration.ZERO);
        Beats.requireLevel("a phase's", level);
        int phases = ends.length;
        long[] moreEnds = Arrays.copyOf(ends, phases + 1);
        double[] moreLevels = Arrays.copyOf(levels, phases + 1);
        moreEnds[phases] = Math.addExact(total(), length.toNanos());
        moreLevels[phases] = level;
        return new PhasedDemand(moreEnds, moreLevels, again);
    }

    /** Starts over after the last phase, for ever. */
    public PhasedDemand repeated() {
        return new PhasedDemand(ends, levels, true);
    }

    /** How long all phases take together. */
    public Duration length() {
        return Duration.ofNanos(total());
    }

    @Override
    public double at(Duration sinceStart) {
        return levels[phase(sinceStart.toNanos())];
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        long nanos = sinceStart.toNanos();
        int phase = phase(nanos);
        if (phase == ends.length - 1 && !again) {
            return Beats.FOREVER;
        }
        return Duration.ofNanos(nanos - withinRound(nanos) + ends[phase]);
    }

    private int phase(long nanos) {
        long time = withinRound(nanos);
        int phase = 0;
        while (phase < ends.length - 1 && time >= ends[phase]) {
            phase++;
        }
        return phase;
    }

    private long withinRound(long nanos) {
        return again ? nanos % total() : nanos;
    }

    private long total() {
        return ends.length == 0 ? 0 : ends[ends.length - 1];
    }
}
