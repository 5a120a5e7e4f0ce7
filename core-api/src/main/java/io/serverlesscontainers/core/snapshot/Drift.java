package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.store.document.Resource;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A limit that was not what the state said: somebody else has changed it, by hand or with a {@code systemctl
 * daemon-reload}, which writes the limits that systemd knows.
 *
 * @param container the container's name
 * @param resource the resource
 * @param expected the limit by the state, in the resource's unit
 * @param found the limit in the kernel; empty if there is none
 * @param restored what came of writing the expected limit again; empty if that was not tried
 */
public record Drift(
        String container, Resource resource, long expected, OptionalLong found, Optional<LimitOutcome> restored) {
    /** Refuses missing parts. */
    public Drift {
        Objects.requireNonNull(container, "container");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(found, "found");
        Objects.requireNonNull(restored, "restored");
    }

    /** One that is left as it is. */
    public Drift(String container, Resource resource, long expected, OptionalLong found) {
        this(container, resource, expected, found, Optional.empty());
    }

    /** The same as a sentence. */
    public String sentence() {
        return "container '" + container + "': " + resource + " limit is " + amount(found) + ", the state says "
                + expected + restored.map(this::consequence).orElse("");
    }

    private String consequence(LimitOutcome outcome) {
        return switch (outcome.status()) {
            case APPLIED -> "; it was restored";
            case PARTIAL -> "; " + amount(outcome.reached()) + " could be restored: " + outcome.reason();
            case REFUSED -> "; it could not be restored: " + outcome.reason();
        };
    }

    private String amount(OptionalLong limit) {
        return limit.isPresent() ? limit.getAsLong() + " " + resource.unit() : "lifted";
    }
}
