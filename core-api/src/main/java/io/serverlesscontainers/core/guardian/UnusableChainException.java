package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.store.document.DocumentKind;
import java.io.Serial;

/** A document of one resource allows no decision: one of its fields is not what is allowed. */
final class UnusableChainException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient DocumentKind<?> kind;
    private final String field;
    private final String whatIsWrong;

    UnusableChainException(DocumentKind<?> kind, String field, String whatIsWrong) {
        // No stack trace: a bad document is found in every window, and where is always the same.
        super(field + " " + whatIsWrong, null, false, false);
        this.kind = kind;
        this.field = field;
        this.whatIsWrong = whatIsWrong;
    }

    /** Which document it is. */
    DocumentKind<?> kind() {
        return kind;
    }

    /** The field of the resource, as it is called on the wire. */
    String field() {
        return field;
    }

    /** The value found and what is allowed. */
    String whatIsWrong() {
        return whatIsWrong;
    }
}
