package io.serverlesscontainers.examples.quickstart.plot;

import io.serverlesscontainers.store.document.Direction;
import java.util.Objects;

/**
 * A scaling.
 *
 * @param seconds when, since the start of the run
 * @param limit the limit that it led to, in the resource's unit
 * @param direction up or down
 * @param sentence what was decided and why; shown where the pointer rests
 */
public record Mark(double seconds, double limit, Direction direction, String sentence) {
    /** Refuses missing parts. */
    public Mark {
        Objects.requireNonNull(direction, "direction");
        Objects.requireNonNull(sentence, "sentence");
    }
}
