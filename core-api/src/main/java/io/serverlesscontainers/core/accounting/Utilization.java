package io.serverlesscontainers.core.accounting;

import java.time.Duration;

/**
 * Integrals over time of what a structure used, what it was allowed to, and what it would have held without scaling
 * (design, section 3). The unit is the resource's times seconds: share·s for CPU (100 share·s are one core·s), MiB·s for
 * memory.
 *
 * @param used integral of the usage
 * @param allocated integral of the limit
 * @param reserved integral of {@code max}
 * @param measured the time that these cover: windows without a sample do not count
 */
public record Utilization(double used, double allocated, double reserved, Duration measured) {
    /** Nothing measured yet. */
    public static final Utilization NONE = new Utilization(0, 0, 0, Duration.ZERO);

    /** Used ÷ allocated: 1 at best; 0 if nothing was measured. */
    public double ratio() {
        return allocated == 0 ? 0 : used / allocated;
    }

    /** Used ÷ reserved: what the ratio would be if the limit had stayed at {@code max}. */
    public double traditionalRatio() {
        return reserved == 0 ? 0 : used / reserved;
    }

    /** Both together, such as two containers' or two spans'. */
    public Utilization plus(Utilization other) {
        return new Utilization(
                used + other.used,
                allocated + other.allocated,
                reserved + other.reserved,
                measured.plus(other.measured));
    }

    /** The same in a larger or smaller unit: 0.01 turns share·s into core·s. */
    public Utilization times(double factor) {
        return new Utilization(used * factor, allocated * factor, reserved * factor, measured);
    }

    /** What came after an earlier reading of the same account. */
    public Utilization since(Utilization earlier) {
        return new Utilization(
                used - earlier.used,
                allocated - earlier.allocated,
                reserved - earlier.reserved,
                measured.minus(earlier.measured));
    }
}
