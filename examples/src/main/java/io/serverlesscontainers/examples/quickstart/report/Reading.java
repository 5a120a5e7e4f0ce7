package io.serverlesscontainers.examples.quickstart.report;

/**
 * One resource of one container at one moment, in the resource's unit. {@link Double#NaN} stands for what is not known,
 * or does not apply: a container that nobody guards has no thresholds.
 *
 * @param usage what it uses
 * @param limit the limit in force
 * @param upper above it: a bottleneck
 * @param lower below it: underuse
 * @param min what it always keeps
 * @param max the most it may get
 */
public record Reading(double usage, double limit, double upper, double lower, double min, double max) {
    /** The same without thresholds. */
    public Reading unguarded() {
        return new Reading(usage, limit, Double.NaN, Double.NaN, min, max);
    }
}
