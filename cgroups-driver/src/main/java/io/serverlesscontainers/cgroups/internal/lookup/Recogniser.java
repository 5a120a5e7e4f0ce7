package io.serverlesscontainers.cgroups.internal.lookup;

import java.util.Optional;

/** What one engine knows during one walk over the cgroups; what it has read in files stays the same meanwhile. */
@FunctionalInterface
public interface Recogniser {
    /**
     * By what the engine tells this container from others; empty if there is none of its containers at this path.
     *
     * @param path beneath a hierarchy's root, without a leading slash
     */
    Optional<String> idAt(String path);

    /** What people call the container with this ID, if that is something else and the engine's files say so. */
    default Optional<String> nameOf(String id) {
        return Optional.empty();
    }
}
