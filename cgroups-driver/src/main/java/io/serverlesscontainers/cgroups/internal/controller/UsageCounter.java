package io.serverlesscontainers.cgroups.internal.controller;

/**
 * What one container has used of one resource since its start: CPU time in nanoseconds, disk and network in bytes. It only
 * grows while the cgroup behind it is the same.
 */
public interface UsageCounter {
    /** The count now. */
    long used();

    /** Changes when the counter has become another one's, under the same name. */
    int openings();
}
