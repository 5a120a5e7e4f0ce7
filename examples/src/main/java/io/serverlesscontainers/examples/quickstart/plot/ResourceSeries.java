package io.serverlesscontainers.examples.quickstart.plot;

import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Objects;

/**
 * One resource over time: one panel of the picture.
 *
 * @param resource which
 * @param samples in the order of time
 * @param marks the scalings
 */
public record ResourceSeries(Resource resource, List<TimedReading> samples, List<Mark> marks) {
    /** Copies the lists. */
    public ResourceSeries {
        Objects.requireNonNull(resource, "resource");
        samples = List.copyOf(samples);
        marks = List.copyOf(marks);
    }
}
