package io.serverlesscontainers.core.spi;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One value of one time series. Immutable.
 *
 * @param metric the name of the metric, such as {@code structure.cpu.current}
 * @param tags what tells the metric's series apart, such as {@code structure=web-1}; at least one
 * @param time when the value held; written in whole seconds
 * @param value the value in the metric's unit; finite
 */
public record DataPoint(String metric, Map<String, String> tags, Instant time, double value) {
    /** Copies the tags and refuses a value that is no number. */
    public DataPoint {
        if (metric.isEmpty()) {
            throw new IllegalArgumentException("a data point has an empty metric, a name is needed");
        }
        Objects.requireNonNull(time, "time");
        tags = Map.copyOf(tags);
        if (tags.isEmpty()) {
            throw new IllegalArgumentException("a data point of '" + metric + "' has no tag, at least one is needed");
        }
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "a data point of '" + metric + "' has the value " + value + ", a finite number is needed");
        }
    }
}
