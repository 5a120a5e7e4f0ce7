package io.serverlesscontainers.opentsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host whose clock is ahead, seen in a real OpenTSDB. */
@Timeout(120)
class FutureSamplesTest {
    private final String url = Servers.shared().url();
    private final String prefix = Servers.newPrefix();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
    private Instant now = start;

    @Test
    void a_clock_that_is_ahead_is_one_problem_that_lasts_as_long_as_it_does() {
        Servers.write(
                url,
                List.of(
                        Servers.point(prefix, "mem", "good", start, 10),
                        Servers.point(prefix, "mem", "good", start.plusSeconds(4), 10), // hardly ahead at all
                        Servers.point(prefix, "mem", "ahead", start, 10),
                        Servers.point(prefix, "mem", "ahead", start.plusSeconds(42), 10)));
        try (OpenTsdbMetricSource source = OpenTsdbMetricSource.builder(url)
                .mapping(Servers.mapping(prefix))
                .clock(new TestClock(() -> now))
                .build()) {
            String sentence =
                    "OpenTSDB at " + url + ": there are samples from up to 42 s in the future; the clocks of who"
                            + " writes them and of this machine differ, so usage is that of another time";
            assertThat(problems(source)).containsExactly(sentence);
            now = start.plusSeconds(30);
            assertThat(problems(source)).as("not looked again so soon").containsExactly(sentence);
            now = start.plusSeconds(90);
            assertThat(problems(source)).isEmpty();
        }
    }

    private List<String> problems(OpenTsdbMetricSource source) {
        Usages usages = source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of("good", "ahead"),
                Set.of(Resource.MEMORY),
                start.minusSeconds(10),
                start));
        assertThat(usages.structures()).isEqualTo(2);
        return usages.problems().stream().map(Problem::toString).toList();
    }
}
