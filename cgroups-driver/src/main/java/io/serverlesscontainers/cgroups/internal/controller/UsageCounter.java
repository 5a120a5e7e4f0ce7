package io.serverlesscontainers.cgroups.internal.controller;

/** How long one container has run. */
public interface CpuCounter {
    /** CPU time since its start, on all CPUs together. */
    long usedNanoseconds();

    /** Changes when the counter has become another cgroup's, under the same name. */
    int openings();
}
