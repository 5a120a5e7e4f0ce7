package io.serverlesscontainers.core.guardian;

import java.io.Serial;

/** The documents of one resource allow no decision; the message names the field, its value and what is allowed. */
final class UnusableChainException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    UnusableChainException(String sentence) {
        // No stack trace: a bad document is found in every window, and where is always the same.
        super(sentence, null, false, false);
    }
}
