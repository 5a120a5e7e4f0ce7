package io.serverlesscontainers.core.spi;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * What became of a limit that was written, read back from the kernel.
 *
 * @param status how far it went
 * @param reached the limit that is in force now, in the resource's unit; empty if there is none
 * @param reason one sentence; empty if {@link Status#APPLIED}
 */
public record LimitOutcome(Status status, OptionalLong reached, String reason) {

    /** How far a write went. */
    public enum Status {
        /** The limit is as wanted. */
        APPLIED,
        /** The limit moved, but not all the way: memory in use is never taken from a container. */
        PARTIAL,
        /** The limit is as it was. */
        REFUSED
    }

    /** Refuses missing parts. */
    public LimitOutcome {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(reached, "reached");
        Objects.requireNonNull(reason, "reason");
    }

    /** As wanted. */
    public static LimitOutcome applied(OptionalLong reached) {
        return new LimitOutcome(Status.APPLIED, reached, "");
    }
}
