package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Two demands at once. */
record SummedDemand(Demand one, Demand other) implements Demand {
    @Override
    public double at(Duration sinceStart) {
        return one.at(sinceStart) + other.at(sinceStart);
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        return Beats.earlier(one.steadyUntil(sinceStart), other.steadyUntil(sinceStart));
    }
}
