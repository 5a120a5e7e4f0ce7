package io.serverlesscontainers.examples.quickstart.workload;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.examples.quickstart.plot.Mark;
import io.serverlesscontainers.examples.quickstart.plot.TimedReading;
import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.store.document.Direction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The stock policy in plain arithmetic over a workload plan, window by window: shows before any process runs whether a
 * plan is worth watching.
 */
public final class GuardedByHand {
    private static final int UP_EVENTS = 2;
    private static final int DOWN_EVENTS = 5;
    private static final int STEPS_PER_WINDOW = 20;

    private final long max;
    private final long min;
    private final long margin;
    private final long raise;
    private final ToDoubleFunction<Demand> wanted;

    private final List<TimedReading> samples = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();
    private Utilization accounts = Utilization.NONE;
    private boolean outgrown;

    private GuardedByHand(long max, long min, long margin, long raise, ToDoubleFunction<Demand> wanted) {
        this.max = max;
        this.min = min;
        this.margin = margin;
        this.raise = raise;
        this.wanted = wanted;
    }

    /** CPU between 10 and 100 shares, 10 % of max as boundary, 30 shares more after two events. */
    public static GuardedByHand cpu() {
        return new GuardedByHand(100, 10, 10, 30, Demand::cpuShares);
    }

    /** Memory between 64 and 256 MiB, 10 % of max as boundary, 64 MiB more after two events. */
    public static GuardedByHand memory() {
        return new GuardedByHand(256, 64, 25, 64, demand -> demand.memoryMiB() + Workload.FOOTPRINT_MIB);
    }

    /** Runs a plan from its start to its end. */
    public GuardedByHand run(WorkloadPlan plan, Timetable timetable) {
        long limit = max;
        int up = 0;
        int down = 0;
        Duration window = timetable.window();
        for (Duration end = window; end.compareTo(timetable.duration()) <= 0; end = end.plus(window)) {
            double usage = 0;
            for (int step = 1; step <= STEPS_PER_WINDOW; step++) {
                Duration moment =
                        end.minus(window).plus(window.multipliedBy(step).dividedBy(STEPS_PER_WINDOW));
                double wants = wanted.applyAsDouble(plan.demandAt(moment));
                outgrown |= wants > limit;
                usage += Math.min(wants, limit) / STEPS_PER_WINDOW;
            }
            double seconds = end.toNanos() / 1e9;
            boolean guarded = timetable.isGuarded(end.minus(window)) && timetable.isGuarded(end);
            if (!guarded) {
                limit = max;
                samples.add(new TimedReading(seconds, new Reading(usage, limit, Double.NaN, Double.NaN, min, max)));
                continue;
            }
            double length = window.toNanos() / 1e9;
            accounts = accounts.plus(new Utilization(usage * length, limit * length, max * length, Duration.ZERO));
            long upper = limit - margin;
            long lower = upper - margin;
            if (usage > upper && limit < max) {
                up++;
            } else if (usage > 0 && usage < lower && lower > min) {
                down++;
            }
            long amount = 0;
            if (up >= UP_EVENTS && down <= 2) {
                amount = raise;
                up = 0;
            } else if (down >= DOWN_EVENTS && up == 0) {
                amount = (long) (usage + Math.max(margin / 2, 1) + margin) - limit;
                down = 0;
            }
            if (lower + amount < min) {
                amount = min - lower;
            } else if (limit + amount > max) {
                amount = max - limit;
            }
            if (amount != 0) {
                limit += amount;
                Direction direction = amount > 0 ? Direction.UP : Direction.DOWN;
                marks.add(new Mark(seconds, limit, direction, "from " + (limit - amount) + " to " + limit));
            }
            samples.add(
                    new TimedReading(seconds, new Reading(usage, limit, limit - margin, limit - 2 * margin, min, max)));
        }
        return this;
    }

    /** One sample per window. */
    public List<TimedReading> samples() {
        return samples;
    }

    /** The scalings. */
    public List<Mark> marks() {
        return marks;
    }

    /** The guarded time only. */
    public Utilization accounts() {
        return accounts;
    }

    long scalings(Direction direction) {
        return marks.stream().filter(mark -> mark.direction() == direction).count();
    }

    /** Whether the workload ever wanted more than its limit. */
    boolean isOutgrown() {
        return outgrown;
    }
}
