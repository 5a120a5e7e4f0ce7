package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.Document;

/**
 * What became of one document of a bulk write.
 *
 * @param <D> the kind's record
 */
public sealed interface WriteOutcome<D extends Document> {
    /** The document's name. */
    String name();

    /**
     * It is in the store.
     *
     * @param now the document and its new revision
     */
    record Written<D extends Document>(Revisioned<D> now) implements WriteOutcome<D> {
        @Override
        public String name() {
            return now.document().name();
        }
    }

    /**
     * Somebody else had changed, created or removed it: nothing was written.
     *
     * @param name the document's name
     */
    record Conflict<D extends Document>(String name) implements WriteOutcome<D> {}

    /**
     * The document was not there, and nothing was written.
     *
     * @param name the document's name
     */
    record Missing<D extends Document>(String name) implements WriteOutcome<D> {}

    /**
     * It could not be written.
     *
     * @param name the document's name
     * @param reason one sentence
     */
    record Failed<D extends Document>(String name, String reason) implements WriteOutcome<D> {}
}
