package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.store.document.Resource;
import java.util.function.LongSupplier;

/** The mean usage between two readings of one counter, in the unit of its resource. For one thread. */
final class UsageRate {
    private static final double NANOSECONDS = 1e9;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double MBIT_PER_BYTE = 8e-6;
    private static final double SHARES_PER_CORE = 100;

    private final UsageCounter counter;
    private final double unitsPerCount;
    private boolean isRead;
    private int openings;
    private long used;
    private long at;

    UsageRate(Resource resource, UsageCounter counter) {
        this.counter = counter;
        this.unitsPerCount = unitsPerCount(resource);
    }

    /** How much of the resource's unit one count in one second is. */
    static double unitsPerCount(Resource resource) {
        return switch (resource) {
            case CPU -> SHARES_PER_CORE / NANOSECONDS;
            case DISK_READ, DISK_WRITE -> 1 / BYTES_PER_MIB;
            case NET -> MBIT_PER_BYTE;
            case MEMORY, ENERGY ->
                throw new IllegalArgumentException(resource + " is not counted from the start of a container on");
        };
    }

    /** The mean since the previous call; NaN at the first one, and at the first one of another cgroup. */
    double since(LongSupplier nanoTime) {
        long usedNow = counter.used();
        long now = nanoTime.getAsLong();
        int openingsNow = counter.openings();
        // A counter that went backwards is a new one, and tells nothing about this window.
        boolean same = isRead && openingsNow == openings && usedNow >= used && now > at;
        double usage = same ? unitsPerCount * (usedNow - used) * NANOSECONDS / (now - at) : Double.NaN;
        isRead = true;
        openings = openingsNow;
        used = usedNow;
        at = now;
        return usage;
    }
}
