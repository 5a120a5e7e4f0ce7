package io.serverlesscontainers.store;

import java.io.Serial;

/** A store could not do what it was asked to: out of reach, full, damaged. The message says what and why. */
public class StateStoreException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** An exception with one sentence. */
    public StateStoreException(String sentence) {
        super(sentence);
    }

    /** An exception with one sentence and what led to it. */
    public StateStoreException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
