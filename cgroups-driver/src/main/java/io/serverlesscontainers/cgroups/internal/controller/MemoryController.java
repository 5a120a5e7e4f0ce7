package io.serverlesscontainers.cgroups.internal.controller;

/** How much memory one container may use, and uses. All in bytes. */
public interface MemoryController {
    /** The limit now; {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT} if there is none. */
    long limit();

    /** Writes the limit, or {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT}. */
    void write(long limit);

    /** What it uses now, caches included. */
    long usage();

    /** What the kernel could not take away now without killing; costly to find out. */
    long heldFast();
}
