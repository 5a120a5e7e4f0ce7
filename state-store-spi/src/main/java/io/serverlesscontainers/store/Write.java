package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.Document;
import java.util.Objects;
import java.util.Optional;

/**
 * One document of a bulk write.
 *
 * @param <D> the kind's record
 * @param document what to write
 * @param expected the revision that it replaces; empty if there must be no such document yet
 */
public record Write<D extends Document>(D document, Optional<String> expected) {
    /** Refuses missing parts. */
    public Write {
        Objects.requireNonNull(document, "document");
        Objects.requireNonNull(expected, "expected");
    }

    /** A document that must not exist yet. */
    public static <D extends Document> Write<D> create(D document) {
        return new Write<>(document, Optional.empty());
    }

    /** A document that replaces the one read at {@code revision}. */
    public static <D extends Document> Write<D> replace(D document, String revision) {
        return new Write<>(document, Optional.of(revision));
    }
}
