package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Slots of equal length, each idle or a burst by the throw of a die. */
record BurstyDemand(long seed, double idle, double burst, Duration slot, double probability) implements Demand {
    BurstyDemand {
        Beats.requireLevel("idle", idle);
        Beats.requireLevel("burst", burst);
        Beats.requireLonger("length of a slot", slot, Duration.ZERO);
        Beats.requireShare("probability", probability);
    }

    @Override
    public double at(Duration sinceStart) {
        long number = sinceStart.toNanos() / slot.toNanos();
        return SeededNoise.at(seed, SeededNoise.BURSTS, number) < probability ? burst : idle;
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        return Beats.end(sinceStart, slot);
    }
}
