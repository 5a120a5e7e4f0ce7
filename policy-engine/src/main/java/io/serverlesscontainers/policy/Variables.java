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

    /** What an event rule sees: usage, bounds and thresholds of its own resource. */
    static Map<String, ToDoubleFunction<ResourceState>> ofState(Resource resource) {
        String structure = resource.wireName() + ".structure." + resource.wireName() + ".";
        String limits = resource.wireName() + ".limits." + resource.wireName() + ".";
        return Map.of(
                structure + "usage", ResourceState::usage,
                structure + "current", ResourceState::current,
                structure + "max", ResourceState::max,
                structure + "min", ResourceState::min,
                limits + "upper", ResourceState::upper,
                limits + "lower", ResourceState::lower,
                limits + "boundary", ResourceState::boundary);
    }

    /** What a request rule sees: the sums of live events of its own resource. */
    static Map<String, ToDoubleFunction<EventTally>> ofTally() {
        return OF_TALLY;
    }
}
