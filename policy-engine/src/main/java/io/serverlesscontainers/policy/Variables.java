package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What the conditions of rule documents may read, by name, and how it is read from a fact. */
final class Variables {
    private static final Map<String, ToDoubleFunction<EventTally>> OF_TALLY =
            Map.of("events.scale.up", EventTally::up, "events.scale.down", EventTally::down);

    private Variables() {}

    /** What an event rule sees: usage, bounds, signals and thresholds of its own resource. */
    static Map<String, ToDoubleFunction<ResourceState>> ofState(Resource resource) {
        String structure = resource.wireName() + ".structure." + resource.wireName() + ".";
        String limits = resource.wireName() + ".limits." + resource.wireName() + ".";
        return Map.ofEntries(
                Map.entry(structure + "usage", ResourceState::usage),
                Map.entry(structure + "current", ResourceState::current),
                Map.entry(structure + "max", ResourceState::max),
                Map.entry(structure + "min", ResourceState::min),
                Map.entry(structure + "throttled", state -> state.signals().throttledRatio()),
                Map.entry(structure + "pressure_some", state -> state.signals().pressureSome()),
                Map.entry(structure + "pressure_full", state -> state.signals().pressureFull()),
                Map.entry(structure + "oom_kills", state -> state.signals().oomKills()),
                Map.entry(structure + "limit_hits", state -> state.signals().limitHits()),
                Map.entry(limits + "upper", ResourceState::upper),
                Map.entry(limits + "lower", ResourceState::lower),
                Map.entry(limits + "boundary", ResourceState::boundary));
    }

    /** What a request rule sees: the sums of live events of its own resource. */
    static Map<String, ToDoubleFunction<EventTally>> ofTally() {
        return OF_TALLY;
    }
}
