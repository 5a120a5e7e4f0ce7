package io.serverlesscontainers.cgroups.internal.limit;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.Optional;
import java.util.OptionalLong;

/** One limit of one container that is not in a file of its cgroups. Calls to {@link #apply} take turns. */
public interface OutsideLimit {
    /**
     * The limit now, in the resource's unit: of the inner one, empty if there is none; of the outer one, empty if the
     * container has nothing that could be limited.
     *
     * @throws CgroupException if it cannot be told
     */
    Optional<OptionalLong> limit();

    /**
     * Sets it, or lifts it, and reads it back.
     *
     * @throws CgroupException if that is not possible; it is then as it was
     */
    LimitOutcome apply(OptionalLong wanted);

    /** Counts what is limited; empty if nothing does. */
    default Optional<UsageCounter> counter() {
        return Optional.empty();
    }
}
