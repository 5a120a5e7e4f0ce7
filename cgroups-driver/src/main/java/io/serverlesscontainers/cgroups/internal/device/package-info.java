/** From a path to the block device whose throughput the kernel limits. */
package io.serverlesscontainers.cgroups.internal.device;
