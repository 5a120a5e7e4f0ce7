package io.serverlesscontainers.store;

import java.util.Objects;

/**
 * Something in the store together with the revision it was read at.
 *
 * @param <T> what it is
 * @param document the document
 * @param revision an opaque text of the store; changes with every write of the document
 */
public record Revisioned<T>(T document, String revision) {
    /** Refuses missing parts. */
    public Revisioned {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(revision, "revision");
    }
}
