package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import java.util.Optional;

/**
 * News of one document.
 *
 * @param <D> the kind's record
 * @param kind its kind
 * @param name its name
 * @param now what it is now; empty if it was removed
 */
public record Change<D extends Document>(DocumentKind<D> kind, String name, Optional<Revisioned<D>> now) {}
