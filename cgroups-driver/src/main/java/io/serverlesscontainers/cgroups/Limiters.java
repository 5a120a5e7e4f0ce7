package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.device.BlockDevice;
import io.serverlesscontainers.cgroups.internal.limit.CpuLimiter;
import io.serverlesscontainers.cgroups.internal.limit.MemoryLimiter;
import java.util.Optional;

/**
 * How a driver moves the limits of its containers; the same for all of them.
 *
 * @param cpu moves quota and CPUs
 * @param memory moves memory
 * @param disk the disk whose throughput is limited, if any
 * @param outside makes the limits that are not in cgroups
 */
record Limiters(CpuLimiter cpu, MemoryLimiter memory, Optional<BlockDevice> disk, OutsideLimits outside) {}
