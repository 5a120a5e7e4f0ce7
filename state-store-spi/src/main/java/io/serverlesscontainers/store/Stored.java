package io.serverlesscontainers.store;

import java.util.Objects;

/**
 * An event or a request in the store, with the identity by which it can be removed again.
 *
 * @param <T> event or request
 * @param id an opaque text of the store
 * @param entry the event or request
 */
public record Stored<T>(String id, T entry) {
    /** Refuses missing parts. */
    public Stored {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(entry, "entry");
    }
}
