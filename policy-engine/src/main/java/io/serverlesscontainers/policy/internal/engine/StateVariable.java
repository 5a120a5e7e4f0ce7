package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What an event rule sees: usage, bounds and thresholds of its own resource. */
public enum StateVariable implements Variable<ResourceState> {
    /** Mean usage over the window. */
    USAGE("structure", "usage", ResourceState::usage),
    /** The limit applied now. */
    CURRENT("structure", "current", ResourceState::current),
    /** The most it may get. */
    MAX("structure", "max", ResourceState::max),
    /** What it always keeps. */
    MIN("structure", "min", ResourceState::min),
    /** Above it: a bottleneck. */
    UPPER("limits", "upper", ResourceState::upper),
    /** Below it: underuse. */
    LOWER("limits", "lower", ResourceState::lower),
    /** The boundary as configured. */
    BOUNDARY("limits", "boundary", ResourceState::boundary);

    private final String document;
    private final String field;
    private final ToDoubleFunction<ResourceState> reads;

    StateVariable(String document, String field, ToDoubleFunction<ResourceState> reads) {
        this.document = document;
        this.field = field;
        this.reads = reads;
    }

    @Override
    public String property() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String path(Resource resource) {
        return resource.wireName() + "." + document + "." + resource.wireName() + "." + field;
    }

    @Override
    public double applyAsDouble(ResourceState state) {
        return reads.applyAsDouble(state);
    }
}
