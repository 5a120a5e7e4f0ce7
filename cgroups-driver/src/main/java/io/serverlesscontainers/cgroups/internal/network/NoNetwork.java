package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.Serial;

/** A container has no network of its own, or none that can be limited. */
final class NoNetwork extends CgroupException {
    @Serial
    private static final long serialVersionUID = 1;

    NoNetwork(String sentence) {
        super(sentence);
    }
}
