package io.serverlesscontainers.examples.quickstart.plot;

import java.util.Objects;

/**
 * A part of a run, named at the top of the picture.
 *
 * @param name what it is: traditional, serverless
 * @param from its start, in seconds since the start of the run
 * @param to its end
 * @param guarded whether limits follow usage
 */
public record Span(String name, double from, double to, boolean guarded) {
    /** Refuses a missing name. */
    public Span {
        Objects.requireNonNull(name, "name");
    }
}
