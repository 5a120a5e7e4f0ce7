package io.serverlesscontainers.examples.quickstart.report;

/**
 * What one resource came to over a span of time: amounts times seconds, core·s for CPU and MiB·s for memory.
 *
 * @param used integral of the usage
 * @param allocated integral of the limit in force
 * @param reserved integral of the maximum, which a traditional instance would hold all the time
 */
public record Accounts(double used, double allocated, double reserved) {
    /** Nothing yet. */
    public static final Accounts NONE = new Accounts(0, 0, 0);

    /** Both together. */
    public Accounts plus(Accounts other) {
        return new Accounts(used + other.used, allocated + other.allocated, reserved + other.reserved);
    }

    /** Utilization as it was: used ÷ allocated, 0 if nothing was allocated. */
    public double serverless() {
        return ratio(used, allocated);
    }

    /** Utilization as it would have been with fixed limits: used ÷ reserved, 0 if nothing was reserved. */
    public double traditional() {
        return ratio(used, reserved);
    }

    private static double ratio(double part, double whole) {
        return whole > 0 ? part / whole : 0;
    }
}
