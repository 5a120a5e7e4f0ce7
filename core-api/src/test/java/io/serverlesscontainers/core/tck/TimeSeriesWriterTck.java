package io.serverlesscontainers.core.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.TimeSeriesWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TimeSeriesWriter} promises. An implementation's test extends this class and gives it a writer, and a
 * way to look into the database. Each test writes metrics that nobody else has, so that tests may share a database.
 */
public abstract class TimeSeriesWriterTck {
    private static final String TAG = "structure";
    private static final int THREADS = 4;
    private static final int WRITES = 25;
    private static final int BATCH = 20;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1_000);
    private final String metric =
            "tck." + UUID.randomUUID().toString().replace("-", "").substring(0, 12);

    /** A new writer into the database. */
    protected abstract TimeSeriesWriter open();

    /**
     * What the database holds of a metric by now, in any order; nothing if it has never heard of it.
     *
     * @param metric its name; all points of it have one tag, {@code structure}
     * @param from the time of the earliest
     * @param to the time of the latest
     */
    protected abstract Collection<DataPoint> pointsIn(String metric, Instant from, Instant to);

    /** A point that the database refuses, or that the writer knows it would refuse. */
    protected DataPoint refused(Instant time) {
        return new DataPoint("tck.refused", Map.of("", ""), time, 1);
    }

    /** How long the database takes until it shows what it was given. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    @Test
    void whatWasWrittenIsThereOnceTheWriterIsClosed() {
        List<DataPoint> points = series("web-1", 3);
        try (TimeSeriesWriter writer = open()) {
            writer.write(points);
        }
        assertThatThereAre(points);
    }

    @Test
    void valuesAreNotRounded() {
        double[] values = {0, 0.1, -1.5, 100, 1e-9, 123_456.789_012_3, 1L << 53, 1e15 + 0.5};
        List<DataPoint> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new DataPoint(metric, Map.of(TAG, "web-1"), start.plusSeconds(i), values[i]));
        }
        try (TimeSeriesWriter writer = open()) {
            writer.write(points);
        }
        assertThatThereAre(points);
    }

    @Test
    void theSameMetricAndTimeIsKeptApartByTheTag() {
        List<DataPoint> points = new ArrayList<>(series("web-1", 3));
        points.addAll(series("web-2", 3));
        try (TimeSeriesWriter writer = open()) {
            writer.write(points);
        }
        assertThatThereAre(points);
    }

    @Test
    void oneWriteAddsToAnother() {
        List<DataPoint> points = series("web-1", 5);
        try (TimeSeriesWriter writer = open()) {
            writer.write(points.subList(0, 2));
            writer.write(List.of());
            writer.write(points.subList(2, 5));
        }
        assertThatThereAre(points);
    }

    @Test
    void aPartOfASecondIsCutOff() {
        try (TimeSeriesWriter writer = open()) {
            writer.write(List.of(new DataPoint(metric, Map.of(TAG, "web-1"), start.plusMillis(999), 7)));
        }
        assertThatThereAre(List.of(new DataPoint(metric, Map.of(TAG, "web-1"), start, 7)));
    }

    @Test
    void theCallerMayReuseItsCollection() {
        List<DataPoint> points = series("web-1", 3);
        List<DataPoint> reused = new ArrayList<>(points);
        try (TimeSeriesWriter writer = open()) {
            writer.write(reused);
            reused.clear();
        }
        assertThatThereAre(points);
    }

    @Test
    void aPointThatTheDatabaseRefusesDoesNotCostTheOthers() {
        List<DataPoint> points = series("web-1", 4);
        List<DataPoint> withOneRefused = new ArrayList<>(points);
        withOneRefused.add(2, refused(start));
        try (TimeSeriesWriter writer = open()) {
            writer.write(withOneRefused);
        }
        assertThatThereAre(points);
    }

    @Test
    void threadsMayShareAWriter() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<DataPoint> all = new ArrayList<>();
        try (TimeSeriesWriter writer = open()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                List<DataPoint> points = series("web-" + thread, WRITES * BATCH);
                all.addAll(points);
                tasks.add(() -> {
                    for (int from = 0; from < points.size(); from += BATCH) {
                        writer.write(points.subList(from, from + BATCH));
                    }
                    return null;
                });
            }
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
        assertThatThereAre(all);
    }

    @Test
    void aSecondWriterDoesNotTakeAwayWhatTheFirstOneWrote() {
        List<DataPoint> points = series("web-1", 4);
        try (TimeSeriesWriter writer = open()) {
            writer.write(points.subList(0, 2));
        }
        try (TimeSeriesWriter writer = open()) {
            writer.write(points.subList(2, 4));
        }
        assertThatThereAre(points);
    }

    @Test
    void aWriterMayBeClosedTwiceAndWithoutHavingWritten() {
        TimeSeriesWriter writer = open();
        writer.close();
        writer.close();
        assertThat(pointsIn(metric, start, start.plusSeconds(1_000))).isEmpty();
    }

    private List<DataPoint> series(String structure, int length) {
        List<DataPoint> points = new ArrayList<>();
        Map<String, String> tags = Map.of(TAG, structure);
        for (int i = 0; i < length; i++) {
            points.add(new DataPoint(metric, tags, start.plusSeconds(i), 10 + i / 8.0));
        }
        return points;
    }

    private void assertThatThereAre(List<DataPoint> points) {
        Awaitility.await()
                .atMost(patience())
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(pointsIn(metric, start, start.plusSeconds(1_000)))
                        .containsExactlyInAnyOrderElementsOf(points));
    }
}
