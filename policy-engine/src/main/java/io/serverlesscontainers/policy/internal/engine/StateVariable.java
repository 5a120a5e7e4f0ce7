package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What an event rule sees: usage, bounds, signals and thresholds of its own resource. */
public enum StateVariable implements Variable<ResourceState> {
    /** Mean usage over the window. */
    USAGE("structure", "usage", ResourceState::usage),
    /** The limit applied now. */
    CURRENT("structure", "current", ResourceState::current),
    /** The most it may get. */
    MAX("structure", "max", ResourceState::max),
    /** What it always keeps. */
    MIN("structure", "min", ResourceState::min),
    /** Share of the quota periods that ended early, 0 to 1. */
    THROTTLED("structure", "throttled", state -> state.signals().throttledRatio()),
    /** Share of the time in which some task waited for the resource, 0 to 1. */
    PRESSURE_SOME("structure", "pressure_some", state -> state.signals().pressureSome()),
    /** Share of the time in which all tasks waited for the resource, 0 to 1. */
    PRESSURE_FULL("structure", "pressure_full", state -> state.signals().pressureFull()),
    /** How many processes the kernel killed for want of memory in the window. */
    OOM_KILLS("structure", "oom_kills", state -> state.signals().oomKills()),
    /** How many times the limit was hit in the window. */
    LIMIT_HITS("structure", "limit_hits", state -> state.signals().limitHits()),
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
