package io.serverlesscontainers.core.spi;

import java.util.Optional;

/**
 * How often the kernel held a container back because its CPU quota was used up.
 *
 * @param periods quota periods in which the container had something to run, since its start
 * @param throttled how many of them ended early
 */
public record Throttling(long periods, long throttled) {
    /** The throttled share of the periods since an earlier reading, 0 to 1; 0 if none has passed. */
    public double ratioSince(Throttling earlier) {
        long passed = periods - earlier.periods;
        return passed <= 0 ? 0 : (double) (throttled - earlier.throttled) / passed;
    }

    /** A source that can tell. */
    public interface Source {
        /** The counters of a container now; empty if it is gone, or its kernel does not tell. */
        Optional<Throttling> throttling(String container);
    }
}
