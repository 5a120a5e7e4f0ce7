package io.serverlesscontainers.core.tck;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;

/** A writer into memory, for tests of who writes: it keeps every point, and tells which were written together. */
public final class RecordingWriter implements TimeSeriesWriter {
    private final List<List<DataPoint>> writes = new CopyOnWriteArrayList<>();

    @Override
    public void write(Collection<DataPoint> points) {
        var taken = new ArrayList<DataPoint>(points.size());
        for (DataPoint point : points) {
            if (!point.tags().containsKey("") && !point.tags().containsValue("")) {
                taken.add(new DataPoint(
                        point.metric(), point.tags(), point.time().truncatedTo(ChronoUnit.SECONDS), point.value()));
            }
        }
        writes.add(taken);
    }

    /** All points so far, in the order in which they were written. */
    public List<DataPoint> points() {
        return writes.stream().flatMap(List::stream).toList();
    }

    /** The points of the last write; none if there was none. */
    public List<DataPoint> last() {
        return writes.isEmpty() ? List.of() : List.copyOf(writes.get(writes.size() - 1));
    }

    /** How often something was written. */
    public int writes() {
        return writes.size();
    }

    /** The value of a series in the last write; empty if it was not in it. */
    public OptionalDouble last(String metric, String tag, String name) {
        return last().stream()
                .filter(point -> point.metric().equals(metric) && point.tags().equals(Map.of(tag, name)))
                .mapToDouble(DataPoint::value)
                .findFirst();
    }
}
