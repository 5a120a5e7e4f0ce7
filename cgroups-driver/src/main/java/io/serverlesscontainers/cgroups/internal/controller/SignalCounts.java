package io.serverlesscontainers.cgroups.internal.controller;

import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.Throttling;
import java.util.Optional;

/**
 * How one container was held back in one resource since its start. They only grow; what is not counted stays 0.
 *
 * @param throttling quota periods
 * @param someMicroseconds for how long at least one task waited
 * @param fullMicroseconds for how long all tasks waited at once
 * @param oomKills processes that the kernel killed
 * @param limitHits how often usage ran into the limit
 */
public record SignalCounts(
        Throttling throttling, long someMicroseconds, long fullMicroseconds, long oomKills, long limitHits) {
    /** Nothing yet, or nothing that is counted. */
    public static final SignalCounts NONE = new SignalCounts(new Throttling(0, 0), 0, 0, 0, 0);

    /** The same with quota periods. */
    public SignalCounts withThrottling(Throttling periods) {
        return new SignalCounts(periods, someMicroseconds, fullMicroseconds, oomKills, limitHits);
    }

    /** The same with time spent waiting, in µs; negative is taken for "not counted". */
    public SignalCounts withPressure(long some, long full) {
        return new SignalCounts(throttling, Math.max(0, some), Math.max(0, full), oomKills, limitHits);
    }

    /** The same with kills and hits of the limit; negative is taken for "not counted". */
    public SignalCounts withMemoryEvents(long kills, long hits) {
        return new SignalCounts(throttling, someMicroseconds, fullMicroseconds, Math.max(0, kills), Math.max(0, hits));
    }

    /**
     * What was added since an earlier reading.
     *
     * @param nanoseconds between the two readings
     * @return empty if a count went backwards, and so is another container's, or no time passed
     */
    public Optional<Signals> since(SignalCounts earlier, long nanoseconds) {
        if (nanoseconds <= 0 || !isAfter(earlier)) {
            return Optional.empty();
        }
        return Optional.of(new Signals(
                share(throttling.ratioSince(earlier.throttling)),
                share(1000.0 * (someMicroseconds - earlier.someMicroseconds) / nanoseconds),
                share(1000.0 * (fullMicroseconds - earlier.fullMicroseconds) / nanoseconds),
                oomKills - earlier.oomKills,
                limitHits - earlier.limitHits));
    }

    private boolean isAfter(SignalCounts earlier) {
        return throttling.periods() >= earlier.throttling.periods()
                && throttling.throttled() >= earlier.throttling.throttled()
                && someMicroseconds >= earlier.someMicroseconds
                && fullMicroseconds >= earlier.fullMicroseconds
                && oomKills >= earlier.oomKills
                && limitHits >= earlier.limitHits;
    }

    /** The kernel's clock is not quite ours, and a period may be counted a moment after it was throttled. */
    private static double share(double share) {
        return Math.min(1, share);
    }
}
