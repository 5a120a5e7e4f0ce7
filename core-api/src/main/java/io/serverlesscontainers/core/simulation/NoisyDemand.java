package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/** Another demand, multiplied by a random factor for each beat. */
record NoisyDemand(Demand calm, long seed, double fraction) implements Demand {
    NoisyDemand {
        Beats.requireShare("fraction", fraction);
    }

    @Override
    public double at(Duration sinceStart) {
        double noise = SeededNoise.at(seed, SeededNoise.FACTORS, sinceStart.toNanos() / BEAT.toNanos());
        return calm.at(sinceStart) * (1 + fraction * (2 * noise - 1));
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        return Beats.earlier(calm.steadyUntil(sinceStart), Beats.end(sinceStart, BEAT));
    }
}
