package io.serverlesscontainers.cgroups.internal.controller;

import java.time.Duration;
import java.util.Optional;

/** How much memory one container may use, and uses. All in bytes. */
public interface MemoryController {
    /** The limit now; {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT} if there is none. */
    long limit();

    /**
     * Writes a limit that is not lower than the one in force, or
     * {@link io.serverlesscontainers.cgroups.internal.parse.KernelText#NO_LIMIT}.
     */
    void raise(long limit);

    /**
     * Writes a lower limit if all that is charged fits into it, after what can be taken back has been. Nobody is killed
     * by the write itself.
     *
     * @param patience how long taking back may go on, where the kernel leaves that to us
     * @return why the limit was not written and is as it was; empty if it was written
     */
    Optional<String> lower(long limit, Duration patience);

    /** All that is charged to it now. */
    long charged();

    /**
     * What it needs now: what is charged to it less the file pages that nobody has used for a while, 0 or more.
     *
     * <p>Files that were merely read stay charged until something else needs the memory, so a container that reads
     * enough of them is charged its whole limit, whatever that is. The kernel takes inactive file pages first, and they
     * can be read again. It is the <em>working set</em> of cAdvisor and Kubernetes, which reckon it the same way.
     */
    long workingSet();

    /**
     * The same for a container none of whose processes ran since it was last asked: cheaper, as only the kernel itself can
     * have changed anything, which may be seen some calls late.
     */
    long workingSetAtRest();

    /**
     * What the kernel could not take away now without killing; costly to find out. Mostly less than the working set,
     * which also counts file pages in use; more while inactive file pages wait to be written to the disk. The cgroups
     * below count too.
     */
    long heldFast();

    /** How many of its processes the kernel has killed so far because memory ran out. */
    long kills();
}
