package io.serverlesscontainers.opentsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A minute of a thousand containers, written by the writer and read by the source, through a real OpenTSDB. */
@Timeout(120)
class RoundTripTest {
    private static final int CONTAINERS = 1_000;
    private static final int WITHOUT_DATA = 417;
    private static final int SAMPLES = 12;
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final List<String> METRICS = List.of("cpu.user", "cpu.kernel", "mem", "reads", "writes");
    private static final Set<Resource> RESOURCES =
            Set.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE);
    private static final Instant START =
            Instant.now().truncatedTo(ChronoUnit.MINUTES).minusSeconds(600);
    private static final String PREFIX = Servers.newPrefix();

    private static WriterCounters counters;

    @BeforeAll
    static void write() {
        String url = Servers.shared().url();
        var points = new ArrayList<DataPoint>();
        for (int sample = -1; sample <= SAMPLES; sample++) { // one too early, one too late
            for (int container = 0; container < CONTAINERS; container++) {
                if (container == WITHOUT_DATA) {
                    continue;
                }
                for (String metric : METRICS) {
                    points.add(Servers.point(
                            PREFIX, metric, name(container), time(sample), value(metric, container, sample)));
                }
            }
        }
        OpenTsdbWriter writer =
                OpenTsdbWriter.builder(url).closeTimeout(Duration.ofMinutes(1)).open();
        writer.write(points);
        writer.close();
        counters = writer.counters();
        Servers.awaitReadable(url);
        Servers.awaitReadable(url);
        assertThat(counters.written()).isEqualTo(points.size());
    }

    private static String name(int container) {
        return "cont" + container;
    }

    private static Instant time(int sample) {
        return START.plus(INTERVAL.multipliedBy(sample));
    }

    private static double value(String metric, int container, int sample) {
        double value = new Random(31L * (31L * metric.hashCode() + container) + sample).nextDouble() * 400;
        return container % 10 == 0 ? Math.rint(value) : value; // some of them whole
    }

    private static double mean(String metric, int container) {
        return IntStream.range(0, SAMPLES)
                .mapToDouble(sample -> value(metric, container, sample))
                .average()
                .orElseThrow();
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(RoundTripTest::name).toList();
    }

    private static UsageQuery query(List<String> names) {
        return new UsageQuery(Structure.Subtype.CONTAINER, names, RESOURCES, START, time(SAMPLES - 1));
    }

    @Test
    void every_point_is_written_once_and_in_few_requests() {
        assertThat(counters.failed()).isZero();
        assertThat(counters.dropped()).isZero();
        assertThat(counters.waiting()).isZero();
        assertThat(counters.requests() - counters.retries()).isEqualTo((counters.written() + 999) / 1_000);
    }

    @Test
    void each_mean_of_a_thousand_is_exact_and_takes_one_query_a_metric() {
        var traffic = new Traffic();
        try (OpenTsdbMetricSource source = source(traffic)) {
            assertMeans(source.usage(query(names(0, CONTAINERS))), 0, CONTAINERS);
            assertThat(traffic.queries())
                    .as("one for each metric, and one for samples of the future, once a minute")
                    .isEqualTo(METRICS.size() + 1);
            assertMeans(source.usage(query(names(0, CONTAINERS))), 0, CONTAINERS);
            assertThat(traffic.queries()).isEqualTo(2 * METRICS.size() + 1);
        }
        assertThat(traffic.held()).isZero();
    }

    @Test
    void some_hundred_are_one_query_also_with_one_without_data() {
        var traffic = new Traffic();
        try (OpenTsdbMetricSource source = source(traffic)) {
            for (int window = 1; window <= 3; window++) {
                assertMeans(source.usage(query(names(350, 550))), 350, 550);
                assertThat(traffic.queries()).isEqualTo(1 + window);
            }
        }
    }

    @Test
    void all_series_are_one_query_where_the_server_has_the_stack_for_them() {
        var traffic = new Traffic();
        try (OpenTsdbMetricSource source =
                builder(traffic).seriesPerQuery(CONTAINERS * METRICS.size()).build()) {
            assertMeans(source.usage(query(names(0, CONTAINERS))), 0, CONTAINERS);
            assertThat(traffic.queries()).isEqualTo(2);
        }
    }

    private static OpenTsdbMetricSource source(Traffic traffic) {
        return builder(traffic).build();
    }

    private static OpenTsdbMetricSourceBuilder builder(Traffic traffic) {
        return OpenTsdbMetricSource.builder(Servers.shared().url())
                .mapping(Servers.mapping(PREFIX))
                .client(traffic.client())
                .timeout(Duration.ofSeconds(20));
    }

    private static void assertMeans(Usages usages, int from, int to) {
        assertThat(usages.problems()).isEmpty();
        assertThat(usages.structures()).isEqualTo(to - from - 1);
        for (int container = from; container < to; container++) {
            String name = name(container);
            if (container == WITHOUT_DATA) {
                assertThat(RESOURCES)
                        .allSatisfy(it -> assertThat(usages.of(name, it)).isEmpty());
                continue;
            }
            assertMean(usages, name, Resource.CPU, mean("cpu.user", container) + mean("cpu.kernel", container));
            assertMean(usages, name, Resource.MEMORY, mean("mem", container));
            assertMean(usages, name, Resource.DISK_READ, mean("reads", container));
            assertMean(usages, name, Resource.DISK_WRITE, mean("writes", container));
        }
    }

    private static void assertMean(Usages usages, String name, Resource resource, double expected) {
        assertThat(usages.orNaN(name, resource))
                .as("%s of %s", resource, name)
                .isCloseTo(expected, within(Math.abs(expected) * 1e-9));
    }
}
