package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Another demand that starts later, or has started before. */
record ShiftedDemand(Demand unshifted, Duration by) implements Demand {
    @Override
    public double at(Duration sinceStart) {
        Duration time = sinceStart.minus(by);
        return time.isNegative() ? 0 : unshifted.at(time);
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        Duration time = sinceStart.minus(by);
        return time.isNegative() ? by : unshifted.steadyUntil(time).plus(by);
    }
}
