package io.serverlesscontainers.cgroups.internal.parse;

import io.serverlesscontainers.core.spi.CgroupException;
import java.util.OptionalLong;

/**
 * How long a cgroup may run in each period: quota in µs = shares × period in µs ÷ 100.
 *
 * @param quota µs in each period, on all CPUs together; {@link KernelText#NO_LIMIT} if there is no limit
 * @param period its length in µs, 1 or more
 * @param path the file that it comes from
 */
public record CpuBandwidth(long quota, long period, String path) {
    /** The least quota that the kernel takes, in µs. */
    private static final long LEAST_QUOTA = 1000;

    // The kernel refuses beyond 2^44 µs; no machine has as many CPUs.
    private static final long MOST_SHARES = 100L * 65_536;

    /** Refuses a period below 1. */
    public CpuBandwidth {
        if (period < 1) {
            throw new CgroupException(path + " has a period of " + period + " µs, 1 or more is needed");
        }
    }

    /** The limit in shares, cut to a whole number; empty if there is none. */
    public OptionalLong shares() {
        if (quota == KernelText.NO_LIMIT) {
            return OptionalLong.empty();
        }
        boolean exact = quota <= Long.MAX_VALUE / 100;
        return OptionalLong.of(exact ? quota * 100 / period : quota / Math.max(1, period / 100));
    }

    /** The same quota in another period, which is another limit. */
    public CpuBandwidth inPeriod(long microseconds) {
        return new CpuBandwidth(quota, microseconds, path);
    }

    /**
     * The same period with another limit; a quota that is not whole is rounded up, so that {@link #shares} gives the
     * limit back.
     *
     * @throws CgroupException if the quota is out of the kernel's range
     */
    public CpuBandwidth withShares(OptionalLong shares) {
        if (shares.isEmpty()) {
            return new CpuBandwidth(KernelText.NO_LIMIT, period, path);
        }
        long wanted = shares.getAsLong();
        if (wanted > MOST_SHARES) {
            throw new CgroupException("cpu limit is " + wanted + " shares, at most " + MOST_SHARES + " is possible");
        }
        long wantedQuota = (Math.multiplyExact(wanted, period) + 99) / 100;
        if (wantedQuota < LEAST_QUOTA) {
            long least = (LEAST_QUOTA * 100 + period - 1) / period;
            throw new CgroupException("cpu limit of " + wanted + " shares is a quota of " + wantedQuota
                    + " µs in the period of " + period + " µs at " + path + ", the kernel needs at least "
                    + LEAST_QUOTA + " µs, which is " + least + " shares");
        }
        return new CpuBandwidth(wantedQuota, period, path);
    }
}
