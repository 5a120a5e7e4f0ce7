package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.Throttling;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The file {@code cpu.stat}, which both versions have; only version 2's tells the CPU time. And version 1's {@code
 * cpuacct.stat}, which tells what kind of CPU time it was.
 */
public final class CpuStat {
    private static final byte[] USAGE = KernelText.key("usage_usec");
    private static final byte[] USER = KernelText.key("user_usec");
    private static final byte[] USER_TICKS = KernelText.key("user");
    private static final byte[] SYSTEM_TICKS = KernelText.key("system");
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

    /** CPU time in user mode in µs. */
    public static long userMicroseconds(ByteBuffer text, String path) {
        long user = KernelText.field(text, USER, path);
        if (user == KernelText.ABSENT) {
            throw new CgroupException(path + " has no user_usec: the CPU time in user mode is not known");
        }
        return user;
    }

    /** The part of the CPU time that was in user mode by {@code cpuacct.stat}, from 0 to 1; all of none. */
    public static double userPart(ByteBuffer text, String path) {
        long user = KernelText.field(text, USER_TICKS, path);
        long system = KernelText.field(text, SYSTEM_TICKS, path);
        if (user == KernelText.ABSENT || system == KernelText.ABSENT) {
            throw new CgroupException(path + " has no user and system: the CPU time in user mode is not known");
        }
        double both = (double) user + system;
        return both == 0 ? 1 : user / both;
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
