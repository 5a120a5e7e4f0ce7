package io.serverlesscontainers.core.decision;

import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the Guardian decided about one resource of one structure in one window.
 *
 * @param at when
 * @param structure the structure's name
 * @param resource the resource
 * @param outcome what came of it
 * @param state what the rules saw, the chain after its repair; empty if it did not come to that
 * @param repaired whether the chain had to be repaired first
 * @param eventRules names of the event rules that held, this window
 * @param eventsUp live events towards scaling up, this window's included
 * @param eventsDown live events towards scaling down, this window's included
 * @param rule the request rule that held
 * @param proposed the amount by that rule
 * @param amount the amount after it was trimmed to [min, max]
 * @param eventsConsumed how many events the rule consumed
 * @param reason why it came to this, as the end of a sentence
 */
public record GuardianDecision(
        Instant at,
        String structure,
        Resource resource,
        Outcome outcome,
        Optional<ResourceState> state,
        boolean repaired,
        List<String> eventRules,
        int eventsUp,
        int eventsDown,
        Optional<RequestRule> rule,
        long proposed,
        long amount,
        int eventsConsumed,
        String reason)
        implements Decision {

    /** What can come of a window for one resource. */
    public enum Outcome {
        /** Only measured: the mode says so. */
        OBSERVED,
        /** There was no sample in the window. */
        NO_USAGE,
        /** Its documents do not allow a decision; the reason names the field. */
        SKIPPED,
        /** Usage lies between the thresholds, and no event is live. */
        WITHIN_LIMITS,
        /** There are events, but no request rule holds for them. */
        NOT_ENOUGH_EVENTS,
        /** A rule held, but {@code min} or {@code max} leaves nothing of its amount. */
        TRIMMED_TO_NOTHING,
        /** A request goes to the Scaler. */
        REQUESTED,
        /** A request would go to the Scaler, were it not for the mode. */
        WOULD_REQUEST
    }

    /** Copies the list. */
    public GuardianDecision {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(structure, "structure");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(outcome, "outcome");
        eventRules = List.copyOf(eventRules);
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public boolean isScaling() {
        return outcome == Outcome.REQUESTED;
    }

    @Override
    public String sentence() {
        return structure + " " + resource + ": " + reason;
    }
}
