package io.serverlesscontainers.store.document;

import java.io.Serial;

/** A piece of JSON that cannot be read as the document it should be; the message is the {@link Problem}'s line. */
public final class DocumentException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /** An exception that carries {@code problem}. */
    public DocumentException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    /** What is wrong, and with which document. */
    public Problem problem() {
        return problem;
    }
}
