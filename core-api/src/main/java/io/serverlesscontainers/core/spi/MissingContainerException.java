package io.serverlesscontainers.core.spi;

import java.io.Serial;

/** There is no such container on this host, or no longer. */
public final class MissingContainerException extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1;

    /** One container is missing; {@code where} says where it was looked for. */
    public MissingContainerException(String container, String where) {
        super("there is no container '" + container + "': " + where);
    }
}
