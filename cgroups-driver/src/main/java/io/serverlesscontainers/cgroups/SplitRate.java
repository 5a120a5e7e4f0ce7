package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.SplitCounter;
import io.serverlesscontainers.store.document.Resource;
import java.util.function.LongSupplier;

/**
 * The mean usage between two readings of one counter, in the unit of its resource, in its two parts; together they are
 * what {@link UsageRate} tells. For one thread.
 */
final class SplitRate {
    private static final double NANOSECONDS = 1e9;

    private final SplitCounter counter;
    private final double unitsPerCount;
    private SplitCounter.Split before;
    private int openings;
    private long at;
    private double part = Double.NaN;
    private double rest = Double.NaN;

    SplitRate(Resource resource, SplitCounter counter) {
        this.counter = counter;
        this.unitsPerCount = UsageRate.unitsPerCount(resource);
    }

    /** Whether it counts by this one. */
    boolean isOf(Object other) {
        return counter == other;
    }

    /** Reads; false if there is no mean to tell: at the first call, and at the first one of another cgroup. */
    boolean read(LongSupplier nanoTime) {
        SplitCounter.Split now = counter.split();
        long time = nanoTime.getAsLong();
        int openingsNow = counter.openings();
        // A counter that went backwards is a new one, and tells nothing about this window.
        boolean same = before != null && openingsNow == openings && now.whole() >= before.whole() && time > at;
        if (same) {
            long whole = now.whole() - before.whole();
            long ofIt = Math.max(0, Math.min(now.part() - before.part(), whole));
            double perCount = unitsPerCount * NANOSECONDS / (time - at);
            part = perCount * ofIt;
            rest = perCount * (whole - ofIt);
        }
        before = now;
        openings = openingsNow;
        at = time;
        return same;
    }

    /** The part that is told apart, as of the last reading that told a mean. */
    double part() {
        return part;
    }

    /** All the rest. */
    double rest() {
        return rest;
    }
}
