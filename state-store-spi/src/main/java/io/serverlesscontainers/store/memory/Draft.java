package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.document.Document;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A change of one document that holds as long as nobody else changes it. */
record Draft<D extends Document>(Revisioned<D> before, D after) {
    /** Applies a function to what a document is now. */
    static <D extends Document> Draft<D> of(Revisioned<D> now, UnaryOperator<D> change) {
        String name = now.document().name();
        D after = Objects.requireNonNull(change.apply(now.document()), () -> "the change of '" + name + "' is null");
        if (!after.name().equals(name)) {
            throw new IllegalArgumentException(
                    "the change of '" + name + "' returned '" + after.name() + "', a change must keep the name");
        }
        return new Draft<>(now, after);
    }

    boolean changesNothing() {
        return after.equals(before.document());
    }

    /** Whether nobody has changed the document since. */
    boolean isStillValid(DocumentBatch<D> batch) {
        return batch.isAt(after.name(), before.revision());
    }
}
