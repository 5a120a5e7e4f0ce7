package io.serverlesscontainers.cgroups.internal.controller;

/** How fast one container may read from one disk, or write to it, and how many bytes it has. */
public interface DiskController extends UsageCounter {
    /**
     * The limit now in bytes per second; {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT} if
     * there is none.
     */
    long limit();

    /** Writes the limit, or {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT}. */
    void write(long limit);
}
