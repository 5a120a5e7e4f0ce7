package io.serverlesscontainers.core.tck;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import java.time.Instant;
import java.util.Collection;

class RecordingWriterTest extends TimeSeriesWriterTck {
    private final RecordingWriter writer = new RecordingWriter();

    @Override
    protected TimeSeriesWriter open() {
        return writer;
    }

    @Override
    protected Collection<DataPoint> pointsIn(String metric, Instant from, Instant to) {
        return writer.points().stream()
                .filter(point -> point.metric().equals(metric))
                .filter(point -> !point.time().isBefore(from) && !point.time().isAfter(to))
                .toList();
    }
}
