/**
 * The limits of another host's containers: {@link io.serverlesscontainers.cgroups.remote.RemoteCgroupDriver} asks the
 * Container Scaler there, in the wire form that {@link io.serverlesscontainers.cgroups.remote.LimitsJson} and
 * {@link io.serverlesscontainers.cgroups.remote.WantedLimits} read and write for both sides.
 */
package io.serverlesscontainers.cgroups.remote;
