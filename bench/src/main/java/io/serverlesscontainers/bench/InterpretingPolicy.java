package io.serverlesscontainers.bench;

import com.fasterxml.jackson.core.JsonPointer;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.policy.internal.logic.LogicParser;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Rule.Generates;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rule documents without a rule engine: for every fact, the data as the document's author sees them, and a walk over the
 * tree of every rule of its resource.
 */
final class InterpretingPolicy implements ScalingPolicy {
    private record Compiled<R>(Logic condition, R rule) {}

    private final Map<Resource, List<Compiled<EventRule>>> eventRules = new EnumMap<>(Resource.class);
    private final Map<Resource, List<Compiled<RequestRule>>> requestRules = new EnumMap<>(Resource.class);

    InterpretingPolicy(List<Rule> documents) {
        for (Rule document : documents) {
            if (document.isActive()) {
                add(document, document.resource().orElseThrow());
            }
        }
    }

    private void add(Rule document, Resource resource) {
        Logic condition = LogicParser.ofAnyData().parse(document.condition().orElseThrow(), JsonPointer.empty());
        if (document.generates().orElseThrow() == Generates.EVENTS) {
            eventRules
                    .computeIfAbsent(resource, first -> new ArrayList<>())
                    .add(new Compiled<>(condition, new EventRule(document.name(), resource, document.scaleEvents())));
        } else {
            var rule = new RequestRule(
                    document.name(),
                    resource,
                    document.rescale(),
                    (int) document.eventsToRemove().orElseThrow(),
                    0);
            requestRules.computeIfAbsent(resource, first -> new ArrayList<>()).add(new Compiled<>(condition, rule));
        }
    }

    @Override
    public Set<Resource> resources() {
        return eventRules.keySet();
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        for (ResourceState state : states) {
            String resource = state.resource().wireName();
            Map<String, Object> structure = Map.of(
                    "usage", state.usage(),
                    "current", (double) state.current(),
                    "max", (double) state.max(),
                    "min", (double) state.min());
            Map<String, Object> limits = Map.of(
                    "upper", (double) state.upper(),
                    "lower", (double) state.lower(),
                    "boundary", (double) state.boundary());
            Map<String, Object> data = Map.of(
                    resource, Map.of("structure", Map.of(resource, structure), "limits", Map.of(resource, limits)));
            for (Compiled<EventRule> each : eventRules.getOrDefault(state.resource(), List.of())) {
                if (each.condition().valueFor(data).equals(true)) {
                    firings.fired(state, each.rule());
                }
            }
        }
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        for (EventTally tally : tallies) {
            Map<String, Object> scale = Map.of("up", (double) tally.up(), "down", (double) tally.down());
            Map<String, Object> data = Map.of("events", Map.of("scale", scale));
            for (Compiled<RequestRule> each : requestRules.getOrDefault(tally.resource(), List.of())) {
                if (each.condition().valueFor(data).equals(true)) {
                    firings.fired(tally, each.rule());
                }
            }
        }
    }
}
