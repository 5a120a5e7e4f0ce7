package io.serverlesscontainers.cgroups.internal.controller;

/** How much memory one container may use, and uses. All in bytes. */
public interface MemoryController {
    /** The limit now; {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT} if there is none. */
    long limit();

    /** Writes the limit, or {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT}. */
    void write(long limit);

    /**
     * What it needs now: what is charged to it less the file pages that nobody has used for a while, 0 or more.
     *
     * <p>Files that were merely read stay charged until something else needs the memory, so a container that reads
     * enough of them is charged its whole limit, whatever that is. The kernel takes inactive file pages first, and they
     * can be read again. It is the <em>working set</em> of cAdvisor and Kubernetes, which reckon it the same way.
     */
    long workingSet();

    /**
     * What the kernel could not take away now without killing; costly to find out. Mostly less than the working set,
     * which also counts file pages in use; more while inactive file pages wait to be written to the disk.
     */
    long heldFast();
}
