package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.store.document.DocumentKind;
import java.io.Serial;

/** A document of one resource allows no decision; the message names the field, its value and what is allowed. */
final class UnusableChainException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient DocumentKind<?> kind;
    private final String field;

    UnusableChainException(DocumentKind<?> kind, String field, String sentence) {
        // No stack trace: a bad document is found in every window, and where is always the same.
        super(sentence, null, false, false);
        this.kind = kind;
        this.field = field;
    }

    /** Which document it is. */
    DocumentKind<?> kind() {
        return kind;
    }

    /** The field of the resource, as it is called on the wire. */
    String field() {
        return field;
    }
}
