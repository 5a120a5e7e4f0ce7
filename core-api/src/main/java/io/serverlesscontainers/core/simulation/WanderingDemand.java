package io.serverlesscontainers.core.simulation;

import java.time.Duration;

/**
 * Value noise: random levels at equal distances with straight lines between them, in three octaves (each twice as fast
 * and half as high as the one before), scaled to {@code [low, high]}.
 */
record WanderingDemand(long seed, double low, double high, Duration pace) implements Demand {
    private static final int OCTAVES = 3;

    WanderingDemand {
        Beats.requireLevel("lowest", low);
        Beats.requireLevel("highest", high);
        if (high < low) {
            throw new IllegalArgumentException("highest demand is " + high + ", below the lowest, " + low);
        }
        Beats.requireLonger("pace", pace, BEAT);
    }

    @Override
    public double at(Duration sinceStart) {
        double swings = (double) (sinceStart.toNanos() / BEAT.toNanos()) * BEAT.toNanos() / pace.toNanos();
        double height = 1;
        double reached = 0;
        double most = 0;
        for (int octave = 0; octave < OCTAVES; octave++) {
            reached += height * between(SeededNoise.OCTAVES + octave, swings);
            most += height;
            height /= 2;
            swings *= 2;
        }
        return low + (high - low) * Math.min(1, reached / most);
    }

    private double between(int stream, double swings) {
        long index = (long) swings;
        double part = swings - index;
        return (1 - part) * SeededNoise.at(seed, stream, index) + part * SeededNoise.at(seed, stream, index + 1);
    }

    @Override
    public Duration steadyUntil(Duration sinceStart) {
        return Beats.end(sinceStart, BEAT);
    }
}
