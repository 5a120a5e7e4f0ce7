package io.serverlesscontainers.examples.containerscaler;

import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.store.document.Resource;
import java.io.Serial;
import java.util.Optional;

/** A limit that was not written. */
final class LimitRefusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final transient Optional<Resource> inUse;
    private final transient Optional<ContainerLimits> inForce;

    LimitRefusal(String sentence, Optional<Resource> inUse, Optional<ContainerLimits> inForce, Throwable cause) {
        super(sentence, cause);
        this.inUse = inUse;
        this.inForce = inForce;
    }

    /** The resource that stays as it was because it is in use; empty if the kernel refused for another reason. */
    Optional<Resource> inUse() {
        return inUse;
    }

    /** The limits now; empty if they cannot be read. */
    Optional<ContainerLimits> inForce() {
        return inForce;
    }
}
