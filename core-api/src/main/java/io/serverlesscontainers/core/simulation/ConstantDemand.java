package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Always the same level. */
record ConstantDemand(double level) implements Demand {
    ConstantDemand {
        Beats.requireLevel("constant", level);
    }

    @Override
    public double at(Duration sinceStart) {
        return level;
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        return Beats.FOREVER;
    }
}
