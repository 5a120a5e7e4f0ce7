package io.serverlesscontainers.core.simulation;

/**
 * Random numbers by their index instead of by their order: the finishing step of SplitMix64 (Steele, Lea, Flood: Fast
 * Splittable Pseudorandom Number Generators, 2014) over seed, stream and index. Streams keep the kinds of demand apart, so
 * that one seed may be used for all of them.
 */
final class SeededNoise {
    /** The factors of {@link NoisyDemand}. */
    static final int FACTORS = 0;
    /** The throws of {@link BurstyDemand}. */
    static final int BURSTS = 1;
    /** The first octave of {@link WanderingDemand}; the others follow. */
    static final int OCTAVES = 2;

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private SeededNoise() {}

    /** A number from 0 on, below 1. */
    static double at(long seed, int stream, long index) {
        long start = mixed(mixed(seed) + (stream + 1) * GOLDEN_GAMMA);
        return (mixed(start + (index + 1) * GOLDEN_GAMMA) >>> 11) * UNIT;
    }

    private static long mixed(long bits) {
        long once = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        long twice = (once ^ (once >>> 27)) * 0x94D049BB133111EBL;
        return twice ^ (twice >>> 31);
    }
}
