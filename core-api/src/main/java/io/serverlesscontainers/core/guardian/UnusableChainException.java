package io.serverlesscontainers.core.guardian;

import java.io.Serial;

/** A document of one resource allows no decision; the message names the field, its value and what is allowed. */
final class UnusableChainException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String documentWord;

    /** The document is named by its {@linkplain io.serverlesscontainers.store.document.DocumentKind#word() word}. */
    UnusableChainException(String documentWord, String sentence) {
        // No stack trace: a bad document is found in every window, and where is always the same.
        super(sentence, null, false, false);
        this.documentWord = documentWord;
    }

    String documentWord() {
        return documentWord;
    }
}
