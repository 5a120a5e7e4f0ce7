package io.serverlesscontainers.core.decision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 * @param amount the amount after it was trimmed to [min, max], also where the outcome is that it is not asked for
 * @param eventsConsumed how many events the rule consumed
 * @param reason why the rules were not asked, or how long the limit still rests; empty otherwise
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
        /** No event rule held, and no earlier event is live. */
        WITHIN_LIMITS,
        /** There are events, but no request rule holds for them. */
        NOT_ENOUGH_EVENTS,
        /** A rule held, but {@code min} or {@code max} leaves nothing of its amount. */
        TRIMMED_TO_NOTHING,
        /** A rule held, but would lower a limit that is marked {@code never_down}. */
        NEVER_DOWN,
        /** A rule held, but the limit was moved a moment ago and rests; the events stay for the time after it. */
        COOLING_DOWN,
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
    public String explanation() {
        if (state.isEmpty()) {
            return reason;
        }
        ResourceState seen = state.get();
        String unit = resource.unit();
        String events = eventsUp + " up and " + eventsDown + " down events";
        return switch (outcome) {
            case OBSERVED -> position(seen);
            case NO_USAGE, SKIPPED -> reason;
            case WITHIN_LIMITS -> position(seen) + ", nothing to do";
            case NOT_ENOUGH_EVENTS -> position(seen) + "; " + events + " make no rule hold";
            case TRIMMED_TO_NOTHING ->
                text(
                        "%s; %s make %s hold, but min %d and max %d leave nothing of its %+d %s",
                        position(seen), events, ruleName(), seen.min(), seen.max(), proposed, unit);
            case NEVER_DOWN ->
                text(
                        "%s; %s make %s hold, but its %+d %s would lower a limit that never goes down",
                        position(seen), events, ruleName(), amount, unit);
            case COOLING_DOWN ->
                text(
                        "%s; %s make %s hold, but its %+d %s have to wait: %s",
                        position(seen), events, ruleName(), amount, unit, reason);
            case REQUESTED, WOULD_REQUEST ->
                text(
                        "%s; %s make %s hold: %s %+d %s, limit %d to %d%s",
                        position(seen),
                        events,
                        ruleName(),
                        outcome == Outcome.REQUESTED ? "request" : "would request",
                        amount,
                        unit,
                        seen.current(),
                        seen.current() + amount,
                        amount == proposed ? "" : text(" (trimmed from %+d)", proposed));
        };
    }

    /**
     * The same decision with the rules that led to it. They are asked anew, here and now, and nothing of it is kept or
     * computed before: a decision may be explained long afterwards, by any thread, as long as the policy has the same
     * rules. Rules that the decision did not come to are left out: all of them without a state or in a mode that only
     * observes, and the request rules without events.
     *
     * @param policy the one that decided
     */
    public ExplainedDecision explainedBy(ScalingPolicy policy) {
        var rules = new ArrayList<RuleExplanation>();
        if (state.isPresent() && outcome != Outcome.OBSERVED) {
            rules.addAll(policy.explain(state.get()));
            if (eventsUp != 0 || eventsDown != 0) {
                rules.addAll(policy.explain(new EventTally(state.get(), eventsUp, eventsDown)));
            }
        }
        return new ExplainedDecision(this, rules);
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = DecisionJson.of("guardian", this, outcome);
        state.ifPresent(seen -> {
            json.set("state", DecisionJson.of(seen));
            json.put("repaired", repaired);
            eventRules.forEach(json.putArray("event_rules")::add);
            json.putObject("events").put("up", eventsUp).put("down", eventsDown);
        });
        rule.ifPresent(held -> json.put("rule", held.name())
                .put("proposed", proposed)
                .put("amount", amount)
                .put("events_consumed", eventsConsumed));
        return json;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private String ruleName() {
        return rule.map(RequestRule::name).orElse("no rule");
    }

    private static String position(ResourceState seen) {
        String usage = text("usage %.1f%s", seen.usage(), signals(seen.signals()));
        if (seen.usage() > seen.upper()) {
            return usage + " is above upper " + seen.upper();
        }
        if (seen.usage() < seen.lower()) {
            return usage + " is below lower " + seen.lower();
        }
        return usage + " is between lower " + seen.lower() + " and upper " + seen.upper();
    }

    /** What there is to say, in brackets; nothing if nothing was seen. */
    private static String signals(Signals seen) {
        var words = new ArrayList<String>();
        if (seen.throttledRatio() > 0) {
            words.add(text("throttled %.0f %%", 100 * seen.throttledRatio()));
        }
        if (seen.pressureSome() > 0) {
            words.add(text("some waiting %.0f %%", 100 * seen.pressureSome()));
        }
        if (seen.pressureFull() > 0) {
            words.add(text("all waiting %.0f %%", 100 * seen.pressureFull()));
        }
        if (seen.oomKills() > 0) {
            words.add("OOM kills: " + seen.oomKills());
        }
        if (seen.limitHits() > 0) {
            words.add("limit hits: " + seen.limitHits());
        }
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }
}
