package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/**
 * What a container would use of a resource if no limit held it back, in the resource's unit. A pure function of the time
 * since the container's start: asked again, in whatever order, it gives the same answer, and so does another one made
 * from the same seed. Demands of this package are immutable and may be used by any number of threads.
 *
 * <pre>{@code
 * Demand web = Demand.phase(Duration.ofMinutes(1), 20)     // idle
 *         .then(Duration.ofMinutes(2), 350)                // burst
 *         .then(Duration.ofMinutes(5), 120)                // moderate
 *         .then(Duration.ofMinutes(1), 20)
 *         .repeated()
 *         .noisy(42, 0.1);
 * }</pre>
 */
@FunctionalInterface
public interface Demand {
    /** How long a wandering, bursty or noisy demand keeps one level. */
    Duration BEAT = Duration.ofSeconds(1);

    /**
     * The demand at a time, finite and 0 or more.
     *
     * @param sinceStart time since the container's start, not negative
     */
    double at(Duration sinceStart);

    /**
     * A time up to which, itself excluded, the demand certainly is what it is at {@code sinceStart}. It spares the
     * {@link SimulatedHost} from asking in between; a demand that cannot tell answers {@code sinceStart}, as this method
     * does.
     */
    default Duration steadyUntil(Duration sinceStart) {
        return sinceStart;
    }

    /** Always the same. */
    static Demand constant(double level) {
        return new ConstantDemand(level);
    }

    /** The first of several phases, each with a level of its own. */
    static PhasedDemand phase(Duration length, double level) {
        return PhasedDemand.startingWith(length, level);
    }

    /**
     * Wanders between two levels without jumps: slow swings of about {@code pace} with smaller and faster ones on top.
     * Any part of it can be computed at once, which a true random walk cannot.
     *
     * @param pace time between the turning points of its slowest swings, longer than a {@link #BEAT}
     */
    static Demand wandering(long seed, double low, double high, Duration pace) {
        return new WanderingDemand(seed, low, high, pace);
    }

    /**
     * Bursts at random: time is cut into slots, and each is idle or a burst.
     *
     * @param slot length of a slot
     * @param probability that a slot is a burst, 0 to 1
     */
    static Demand bursty(long seed, double idle, double burst, Duration slot, double probability) {
        return new BurstyDemand(seed, idle, burst, slot, probability);
    }

    /** The same, later: 0 until {@code by} has passed. A negative {@code by} starts in the midst of it. */
    default Demand shifted(Duration by) {
        return new ShiftedDemand(this, by);
    }

    /**
     * The same, each {@link #BEAT} multiplied by another random factor between {@code 1 − fraction} and {@code 1 +
     * fraction}.
     *
     * @param fraction 0 to 1
     */
    default Demand noisy(long seed, double fraction) {
        return new NoisyDemand(this, seed, fraction);
    }

    /** Both at once. */
    default Demand plus(Demand other) {
        return new SummedDemand(this, other);
    }
}
