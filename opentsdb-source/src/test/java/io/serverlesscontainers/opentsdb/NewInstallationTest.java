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
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server into which nothing was ever written, as it comes: no metric, no tag, and no long requests. */
@Timeout(120)
class NewInstallationTest {
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(120);
    private final Traffic traffic = new Traffic();

    @Test
    void an_empty_answer_first_then_data_as_soon_as_there_is_some() {
        Servers.requireOpenTsdb();
        try (var server = RealOpenTsdb.start("tsd.http.request.enable_chunked = false");
                var source = OpenTsdbMetricSource.builder(server.url())
                        .client(traffic.client())
                        .rememberMissing(Duration.ofMillis(200))
                        .build();
                var writer = OpenTsdbWriter.builder(server.url()).open()) {
            nothing_is_known_and_nothing_wrong(source);
            long_requests_are_refused_and_cut(writer);
            everything_is_seen(source);
            a_new_container_costs_nobody_anything(source, writer);
            one_metric_that_is_missing_costs_only_its_resource(source);
            a_cut_sum_is_no_usage_and_one_problem(source, writer);
        }
        assertThat(traffic.held()).isZero();
    }

    private void nothing_is_known_and_nothing_wrong(OpenTsdbMetricSource source) {
        for (List<String> structures : List.of(names(3), names(2_000))) {
            Usages usages = source.usage(query(structures, Resource.CPU, Resource.MEMORY, Resource.NET));
            assertThat(usages.problems()).isEmpty();
            assertThat(usages.structures()).isZero();
        }
    }

    private void long_requests_are_refused_and_cut(OpenTsdbWriter writer) {
        var points = new ArrayList<DataPoint>();
        for (int sample = 0; sample < 4; sample++) {
            for (String name : names(400)) {
                points.add(point("proc.cpu.user", name, sample, Math.random()));
                points.add(point("proc.cpu.kernel", name, sample, Math.random()));
            }
        }
        writer.write(points);

        await().atMost(Duration.ofSeconds(30)).until(() -> writer.counters().waiting() == 0);
        WriterCounters counters = writer.counters();
        assertThat(counters.written()).isEqualTo(points.size());
        assertThat(counters.failed()).isZero();
        assertThat(counters.requests()).isGreaterThan(points.size() / 1_000 + 1).isLessThan(60);

        writer.write(points);
        await().atMost(Duration.ofSeconds(30)).until(() -> writer.counters().waiting() == 0);
        assertThat(writer.counters().requests() - counters.requests())
                .as("what was learned is not asked again")
                .isLessThan(counters.requests());
    }

    private void everything_is_seen(OpenTsdbMetricSource source) {
        for (int structures : new int[] {3, 300, 400}) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Usages usages = source.usage(query(names(structures), Resource.CPU));
                assertThat(usages.problems()).isEmpty();
                assertThat(usages.structures()).isEqualTo(structures);
            });
        }
    }

    private void a_new_container_costs_nobody_anything(OpenTsdbMetricSource source, OpenTsdbWriter writer) {
        List<String> names = List.of("cont0", "cont0-new", "cont1", "CONT1");
        int before = traffic.queries();
        Usages usages = source.usage(query(names, Resource.CPU));
        assertThat(traffic.queries() - before).isOne();
        assertThat(usages.problems()).isEmpty();
        assertThat(usages.of("cont0", Resource.CPU)).isPresent();
        assertThat(usages.of("cont1", Resource.CPU)).isPresent();
        assertThat(usages.of("cont0-new", Resource.CPU)).isEmpty();
        assertThat(usages.of("CONT1", Resource.CPU)).isEmpty();

        writer.write(List.of(point("proc.cpu.user", "cont0-new", 1, 12), point("proc.cpu.kernel", "cont0-new", 1, 30)));

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                source.usage(query(names, Resource.CPU)).orNaN("cont0-new", Resource.CPU))
                        .isEqualTo(42));
    }

    private void one_metric_that_is_missing_costs_only_its_resource(OpenTsdbMetricSource source) {
        Usages usages = source.usage(query(names(3), Resource.CPU, Resource.NET, Resource.ENERGY));
        assertThat(usages.problems()).isEmpty();
        assertThat(usages.of("cont2", Resource.CPU)).isPresent();
        assertThat(usages.of("cont2", Resource.NET)).isEmpty();
    }

    private void a_cut_sum_is_no_usage_and_one_problem(OpenTsdbMetricSource source, OpenTsdbWriter writer) {
        writer.write(List.of(point("proc.cpu.user", "half", 1, 5), point("proc.cpu.user", "half-too", 1, 5)));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            Usages usages = source.usage(query(List.of("cont0", "half", "half-too"), Resource.CPU));
            assertThat(usages.structures()).isOne();
            assertThat(usages.problems())
                    .singleElement()
                    .hasToString("container 'half': there are samples of proc.cpu.user but none of proc.cpu.kernel;"
                            + " its cpu usage is left out");
        });
    }

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "cont" + i).toList();
    }

    private DataPoint point(String metric, String host, int sample, double value) {
        return new DataPoint(metric, Map.of("host", host), start.plusSeconds(5L * sample), value);
    }

    private UsageQuery query(List<String> structures, Resource... resources) {
        return new UsageQuery(Structure.Subtype.CONTAINER, structures, Set.of(resources), start, start.plusSeconds(30));
    }
}
