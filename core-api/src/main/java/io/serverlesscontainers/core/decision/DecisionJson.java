package io.serverlesscontainers.core.decision;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.Signals;
import java.util.Locale;

/** What the JSON of all decisions begins with. */
final class DecisionJson {
    private DecisionJson() {}

    static ObjectNode of(String by, Decision decision, Enum<?> outcome) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("by", by)
                .put("at", decision.at().toString())
                .put("structure", decision.structure())
                .put("resource", decision.resource().wireName())
                .put("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .put("explanation", decision.explanation());
    }

    static ObjectNode of(ResourceState state) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("usage", state.usage())
                .put("max", state.max())
                .put("min", state.min())
                .put("current", state.current())
                .put("upper", state.upper())
                .put("lower", state.lower())
                .put("boundary", state.boundary())
                .put("margin", state.margin());
        if (!state.signals().equals(Signals.NONE)) {
            json.set("signals", of(state.signals()));
        }
        return json;
    }

    private static ObjectNode of(Signals signals) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("throttled", signals.throttledRatio())
                .put("pressure_some", signals.pressureSome())
                .put("pressure_full", signals.pressureFull())
                .put("oom_kills", signals.oomKills())
                .put("limit_hits", signals.limitHits());
    }
}
