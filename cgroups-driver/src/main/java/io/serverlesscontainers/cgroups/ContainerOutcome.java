package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.util.Objects;
import java.util.Optional;

/**
 * What became of one of several changes; either an outcome or a failure.
 *
 * @param change the change
 * @param outcome how far it went
 * @param failure why it could not be made; the limit is as it was
 */
public record ContainerOutcome(
        ContainerChange change, Optional<LimitOutcome> outcome, Optional<CgroupException> failure) {
    /** Refuses missing parts, and both or neither of outcome and failure. */
    public ContainerOutcome {
        Objects.requireNonNull(change, "change");
        if (outcome.isPresent() == failure.isPresent()) {
            throw new IllegalArgumentException("either an outcome or a failure is needed, not both or neither");
        }
    }
}
