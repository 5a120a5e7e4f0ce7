package io.serverlesscontainers.examples.quickstart.plot;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import java.util.Objects;

/**
 * A reading at a moment.
 *
 * @param seconds since the start of the run
 * @param reading what was read; its limit and thresholds hold until the next sample
 */
public record TimedReading(double seconds, Reading reading) {
    /** Refuses a missing reading. */
    public TimedReading {
        Objects.requireNonNull(reading, "reading");
    }
}
