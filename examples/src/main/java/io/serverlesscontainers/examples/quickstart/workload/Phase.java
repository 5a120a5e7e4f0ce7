package io.serverlesscontainers.examples.quickstart.workload;

import java.util.Objects;

/**
 * A part of a run in which a workload wants the same all the time.
 *
 * @param name one word for people: idle, burst, moderate
 * @param share its part of the run's length, 0 to 1
 * @param demand what the workload wants
 */
public record Phase(String name, double share, Demand demand) {
    /** Refuses missing parts and impossible shares. */
    public Phase {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(demand, "demand");
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("phase '" + name + "' has a share of " + share + ", 0 to 1 is possible");
        }
    }
}
