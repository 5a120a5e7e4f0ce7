package io.serverlesscontainers.examples.quickstart.workload;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a workload wants at each moment of a run: idle, then a burst that runs into its limit, then moderate use, then
 * idle again. The phases take the same share of every run, however long.
 *
 * <p>CPU changes at once. Memory falls at once but climbs steadily: a limit is raised two windows after the usage has
 * crossed its threshold, and a process that outruns that is killed by the kernel, not scaled. Pure and immutable.
 *
 * @param phases one after the other; the last one lasts until the end
 * @param duration length of the run
 * @param climbMiBPerSecond how fast memory grows at most
 */
public record WorkloadPlan(List<Phase> phases, Duration duration, double climbMiBPerSecond) {
    /** Far enough below a margin of 25 MiB to be seen, decided on and written in time. */
    private static final double CLIMB_MIB_PER_WINDOW = 6;

    private static final Demand IDLE = new Demand(3, 30);
    private static final Demand BURST = new Demand(100, 120);
    private static final Demand MODERATE = new Demand(38, 120);

    private static final double BURST_SHARE = 0.14;
    private static final double MODERATE_SHARE = 0.25;
    /** How long each container idles first: the second one bursts when the first has calmed down. */
    private static final double[] FIRST_IDLE_SHARES = {0.24, 0.46};

    /** Copies the list and refuses an empty one. */
    public WorkloadPlan {
        phases = List.copyOf(phases);
        Objects.requireNonNull(duration, "duration");
        if (phases.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one phase");
        }
    }

    /**
     * The plan of one of several containers, out of step with its neighbours'.
     *
     * @param container its number, from 0
     * @param timetable the run
     */
    public static WorkloadPlan of(int container, Timetable timetable) {
        double firstIdle = FIRST_IDLE_SHARES[container % FIRST_IDLE_SHARES.length];
        return new WorkloadPlan(
                List.of(
                        new Phase("idle", firstIdle, IDLE),
                        new Phase("burst", BURST_SHARE, BURST),
                        new Phase("moderate", MODERATE_SHARE, MODERATE),
                        new Phase("idle", 1 - firstIdle - BURST_SHARE - MODERATE_SHARE, IDLE)),
                timetable.duration(),
                CLIMB_MIB_PER_WINDOW / seconds(timetable.window()));
    }

    /** The phase at a moment of the run; the first before it, the last after it. */
    public Phase phaseAt(Duration elapsed) {
        double end = 0;
        for (Phase phase : phases) {
            end += phase.share() * seconds(duration);
            if (seconds(elapsed) < end) {
                return phase;
            }
        }
        return phases.get(phases.size() - 1);
    }

    /** What the workload wants at a moment of the run. */
    public Demand demandAt(Duration elapsed) {
        double now = Math.max(0, seconds(elapsed));
        double begin = 0;
        double memory = phases.get(0).demand().memoryMiB();
        for (Phase phase : phases) {
            double end = begin + phase.share() * seconds(duration);
            double climbed = memory + climbMiBPerSecond * (Math.min(now, end) - begin);
            memory = Math.min(phase.demand().memoryMiB(), climbed);
            if (now < end) {
                break;
            }
            begin = end;
        }
        return new Demand(phaseAt(elapsed).demand().cpuShares(), (int) memory);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
