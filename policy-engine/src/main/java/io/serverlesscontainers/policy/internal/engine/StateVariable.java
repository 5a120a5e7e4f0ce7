package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.Locale;

/**
 * What an event rule sees: usage, bounds, signals and thresholds of its own resource. Each one has a class of its own, so
 * that the JVM knows what a constant one reads.
 */
public enum StateVariable implements Variable<ResourceState> {
    /** Mean usage over the window. */
    USAGE("structure", "usage") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.usage();
        }
    },
    /** The limit applied now. */
    CURRENT("structure", "current") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.current();
        }
    },
    /** The most it may get. */
    MAX("structure", "max") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.max();
        }
    },
    /** What it always keeps. */
    MIN("structure", "min") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.min();
        }
    },
    /** Share of the quota periods that ended early, 0 to 1. */
    THROTTLED("structure", "throttled") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.signals().throttledRatio();
        }
    },
    /** Share of the time in which some task waited for the resource, 0 to 1. */
    PRESSURE_SOME("structure", "pressure_some") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.signals().pressureSome();
        }
    },
    /** Share of the time in which all tasks waited for the resource, 0 to 1. */
    PRESSURE_FULL("structure", "pressure_full") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.signals().pressureFull();
        }
    },
    /** How many processes the kernel killed for want of memory in the window. */
    OOM_KILLS("structure", "oom_kills") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.signals().oomKills();
        }
    },
    /** How many times the limit was hit in the window. */
    LIMIT_HITS("structure", "limit_hits") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.signals().limitHits();
        }
    },
    /** Above it: a bottleneck. */
    UPPER("limits", "upper") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.upper();
        }
    },
    /** Below it: underuse. */
    LOWER("limits", "lower") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.lower();
        }
    },
    /** The boundary as configured. */
    BOUNDARY("limits", "boundary") {
        @Override
        public double applyAsDouble(ResourceState state) {
            return state.boundary();
        }
    };

    private final String document;
    private final String field;

    StateVariable(String document, String field) {
        this.document = document;
        this.field = field;
    }

    @Override
    public String property() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String path(Resource resource) {
        return resource.wireName() + "." + document + "." + resource.wireName() + "." + field;
    }
}
