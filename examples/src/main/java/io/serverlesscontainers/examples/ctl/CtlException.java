package io.serverlesscontainers.examples.ctl;

/** A command came to nothing; the message is the one sentence that a person is told. */
final class CtlException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int NOT_FOUND = 404;
    private static final int NO_ANSWER = 0;

    private final int status;

    /** Nobody was asked. */
    CtlException(String sentence) {
        super(sentence);
        this.status = NO_ANSWER;
    }

    /** There was no answer. */
    CtlException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.status = NO_ANSWER;
    }

    /** The answer was no. */
    CtlException(String sentence, int status) {
        super(sentence);
        this.status = status;
    }

    /** Whether what was asked for is not there. */
    boolean isMissing() {
        return status == NOT_FOUND;
    }
}
