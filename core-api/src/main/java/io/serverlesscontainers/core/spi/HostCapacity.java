package io.serverlesscontainers.core.spi;

/**
 * What a host has in all.
 *
 * @param cpus the CPUs that containers may run on
 * @param memoryMiB its memory in MiB
 */
public record HostCapacity(CpuSet cpus, long memoryMiB) {
    /** 100 shares for each CPU. */
    public long cpuShares() {
        return 100L * cpus.size();
    }
}
