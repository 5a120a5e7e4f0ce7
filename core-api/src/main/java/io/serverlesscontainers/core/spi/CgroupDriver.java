package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Set;

/**
 * Reads and writes the limits of the containers of one host. May be used by any number of threads; two writes to the
 * same limit are ordered one after the other.
 *
 * <p>Implementations prove themselves with {@code CgroupDriverTck}.
 */
public interface CgroupDriver extends AutoCloseable {
    /** What the host has in all. */
    HostCapacity host();

    /** The resources that this driver can limit. */
    Set<Resource> resources();

    /**
     * The limits of a container as the kernel has them now.
     *
     * @throws MissingContainerException if there is no such container
     * @throws CgroupException if the kernel refuses to tell
     */
    ContainerLimits limits(String container);

    /**
     * The limits of several containers; one that cannot be read does not cost the others theirs. Where each question is a
     * way over the network, an implementation asks once for all.
     */
    default ManyLimits limitsOf(Collection<String> containers) {
        var found = new HashMap<String, ContainerLimits>();
        var failed = new HashMap<String, CgroupException>();
        UnreachableHostException unreachable = null;
        for (String container : containers) {
            if (unreachable != null) {
                failed.put(container, unreachable);
                continue;
            }
            try {
                found.put(container, limits(container));
            } catch (UnreachableHostException hostAway) {
                unreachable = hostAway;
                failed.put(container, hostAway);
            } catch (CgroupException unreadable) {
                failed.put(container, unreadable);
            }
        }
        return new ManyLimits(found, failed);
    }

    /**
     * Writes one limit, and reads it back. Lowering memory never goes below what is in use: the outcome is then
     * {@link LimitOutcome.Status#PARTIAL} or {@link LimitOutcome.Status#REFUSED}.
     *
     * @throws MissingContainerException if there is no such container
     * @throws CgroupException if the kernel refuses; the limit is then as it was
     * @throws IllegalArgumentException if the resource is not among {@link #resources()}
     */
    LimitOutcome apply(String container, LimitChange change);

    /** Frees what the driver holds; limits stay as they are. */
    @Override
    default void close() {}
}
