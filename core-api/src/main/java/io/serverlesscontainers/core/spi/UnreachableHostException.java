package io.serverlesscontainers.core.spi;

import java.io.Serial;

/**
 * A host does not answer, so none of its containers can be reached now: there is no use in trying the next one at once.
 */
public final class UnreachableHostException extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1;

    /** With the sentence that names the host, and what was tried. */
    public UnreachableHostException(String message, Throwable cause) {
        super(message, cause);
    }
}
