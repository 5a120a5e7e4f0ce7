package io.serverlesscontainers.examples.quickstart.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.accounting.Utilization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Also what other tests of this module report. */
public class QuickstartReportTest {
    /** A report of two containers. */
    public static QuickstartReport aReport() {
        return new QuickstartReport(
                "cgroup",
                Duration.ofSeconds(60),
                List.of(
                        new ContainerReport(
                                "cont0",
                                3,
                                2,
                                new Utilization(12, 25, 50, Duration.ZERO),
                                new Utilization(4000, 6000, 12800, Duration.ZERO),
                                OptionalDouble.of(0.0312)),
                        new ContainerReport(
                                "cont1",
                                1,
                                0,
                                new Utilization(8, 25, 50, Duration.ZERO),
                                new Utilization(4000, 6000, 12800, Duration.ZERO),
                                OptionalDouble.empty())),
                200,
                0,
                new ReactionTimes(Duration.ofMillis(5), Duration.ofMillis(12), Duration.ofMillis(15)),
                List.of(Path.of("quickstart-cont0.svg")));
    }

    @Test
    void theJsonHoldsEveryFigure() {
        assertThat(aReport().toJson().toString())
                .isEqualTo("{\"driver\":\"cgroup\",\"durationSeconds\":60.0,\"containers\":["
                        + "{\"name\":\"cont0\",\"scaleUps\":3,\"scaleDowns\":2,\"usedCoreSeconds\":12.0,"
                        + "\"allocatedCoreSeconds\":25.0,\"reservedCoreSeconds\":50.0,\"usedMiBSeconds\":4000.0,"
                        + "\"allocatedMiBSeconds\":6000.0,\"reservedMiBSeconds\":12800.0,\"throttledRatio\":0.0312},"
                        + "{\"name\":\"cont1\",\"scaleUps\":1,\"scaleDowns\":0,\"usedCoreSeconds\":8.0,"
                        + "\"allocatedCoreSeconds\":25.0,\"reservedCoreSeconds\":50.0,\"usedMiBSeconds\":4000.0,"
                        + "\"allocatedMiBSeconds\":6000.0,\"reservedMiBSeconds\":12800.0,\"throttledRatio\":null}],"
                        + "\"utilization\":{\"serverless\":0.4,\"traditional\":0.2},"
                        + "\"memoryUtilization\":{\"serverless\":0.6667,\"traditional\":0.3125},"
                        + "\"decisions\":200,\"invariantViolations\":0,"
                        + "\"reactionMillis\":{\"p50\":5,\"p99\":12,\"max\":15},\"plots\":[\"quickstart-cont0.svg\"]}");
    }

    @Test
    void whereNothingWasAllocatedUtilizationIsZero() {
        assertThat(Utilization.NONE.ratio()).isZero();
        assertThat(Utilization.NONE.traditionalRatio()).isZero();
    }

    @Test
    void percentilesAreThoseOfTheNearestRank() {
        List<Duration> times =
                LongStream.rangeClosed(1, 200).mapToObj(Duration::ofMillis).toList();

        assertThat(ReactionTimes.of(times))
                .isEqualTo(new ReactionTimes(Duration.ofMillis(100), Duration.ofMillis(198), Duration.ofMillis(200)));
        assertThat(ReactionTimes.of(List.of(Duration.ofMillis(7))).p99()).isEqualTo(Duration.ofMillis(7));
        assertThat(ReactionTimes.of(List.of()).max()).isZero();
    }
}
