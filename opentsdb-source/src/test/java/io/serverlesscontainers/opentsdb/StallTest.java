package io.serverlesscontainers.opentsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.opentsdb.fixture.RealOpenTsdb;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** OpenTSDB and its HBase stand still for ten seconds, and go on. */
@Timeout(120)
class StallTest {
    private static final Duration STALL = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final int MOST_WAITING = 5_000;

    private final RealOpenTsdb server = Servers.shared();
    private final String prefix = Servers.newPrefix();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(10_800);

    @AfterEach
    void go_on() {
        server.resume();
    }

    @Test
    void the_source_keeps_its_windows_and_the_writer_loses_what_its_queue_cannot_hold_and_nothing_else() {
        try (var source = OpenTsdbMetricSource.builder(server.url())
                        .mapping(Servers.mapping(prefix))
                        .rememberMissing(Duration.ofMillis(100))
                        .build();
                var writer = OpenTsdbWriter.builder(server.url())
                        .mostWaiting(MOST_WAITING)
                        .timeout(Duration.ofSeconds(2))
                        .closeTimeout(Duration.ofSeconds(30))
                        .open()) {
            writer.write(points(0, 1));
            await().atMost(Duration.ofSeconds(20)).until(() -> usage(source).structures() == 1);

            long before = writer.counters().requests();
            server.stall(STALL.plusSeconds(10));
            long stalled = System.nanoTime();
            writer.write(points(1, 1_001)); // under way
            await().atMost(Duration.ofSeconds(5)).until(() -> writer.counters().requests() > before);
            writer.write(points(1_001, 1_001 + MOST_WAITING + 300));
            while (System.nanoTime() - stalled < STALL.toNanos()) {
                long asked = System.nanoTime();
                Usages usages = usage(source);
                assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(WINDOW);
                assertThat(usages.structures()).isZero();
                assertThat(usages.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.toString())
                                .contains("OpenTSDB at " + server.url(), "did not answer in time"));
            }
            server.resume();

            await().atMost(Duration.ofSeconds(20)).until(() -> usage(source).structures() == 1);
            await().atMost(Duration.ofSeconds(30)).until(() -> writer.counters().waiting() == 0);
            WriterCounters counters = writer.counters();
            assertThat(counters.dropped()).isEqualTo(300);
            assertThat(counters.written()).isEqualTo(1 + 1_000 + MOST_WAITING);
            assertThat(counters.failed()).isZero();
            assertThat(counters.retries()).isPositive();
        }
        assertThat(meanOf(0, 1_000)).isEqualTo(500);
        assertThat(meanOf(1_001, 1_300)).as("dropped").isNaN();
        assertThat(meanOf(1_301, 1_300 + MOST_WAITING)).isEqualTo((1_301 + 1_300 + MOST_WAITING) / 2.0);
    }

    /** One second each, the number of which is its value. */
    private List<DataPoint> points(int from, int to) {
        var points = new ArrayList<DataPoint>();
        for (int second = from; second < to; second++) {
            points.add(Servers.point(prefix, "mem", "busy", start.plusSeconds(second), second));
        }
        return points;
    }

    private Usages usage(OpenTsdbMetricSource source) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, List.of("busy"), Set.of(Resource.MEMORY), start, start.plus(WINDOW)));
    }

    private double meanOf(int from, int to) {
        Servers.awaitReadable(server.url());
        try (var source = OpenTsdbMetricSource.builder(server.url())
                .mapping(Servers.mapping(prefix))
                .build()) {
            return source.usage(new UsageQuery(
                            Structure.Subtype.CONTAINER,
                            List.of("busy"),
                            Set.of(Resource.MEMORY),
                            start.plusSeconds(from),
                            start.plusSeconds(to)))
                    .orNaN("busy", Resource.MEMORY);
        }
    }
}
