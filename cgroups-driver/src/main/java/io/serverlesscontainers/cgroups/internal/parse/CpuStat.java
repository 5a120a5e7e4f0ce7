package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.Throttling;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The file {@code cpu.stat}, which both versions have; only version 2's tells the CPU time. */
public final class CpuStat {
    private static final byte[] USAGE = KernelText.key("usage_usec");
    private static final byte[] PERIODS = KernelText.key("nr_periods");
    private static final byte[] THROTTLED = KernelText.key("nr_throttled");

    private CpuStat() {}

    /** CPU time in µs. */
    public static long usedMicroseconds(ByteBuffer text, String path) {
        long used = KernelText.field(text, USAGE, path);
        if (used == KernelText.ABSENT) {
            throw new CgroupException(path + " has no usage_usec: the CPU time is not known");
        }
        return used;
    }

    /** How often the quota was used up; empty if that is not counted. */
    public static Optional<Throttling> throttling(ByteBuffer text, String path) {
        long periods = KernelText.field(text, PERIODS, path);
        long throttled = KernelText.field(text, THROTTLED, path);
        return periods == KernelText.ABSENT || throttled == KernelText.ABSENT
                ? Optional.empty()
                : Optional.of(new Throttling(periods, throttled));
    }
}
