package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulatedHostTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final VirtualClock clock = VirtualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedHost host =
            SimulatedHost.builder().clock(clock).cpus(4).memoryMiB(8192).build();

    @ParameterizedTest
    @EnumSource
    void usageIsTheDemandAsFarAsTheLimitLetsIt(Resource resource) {
        host.addContainer("web-1", Map.of(resource, Demand.phase(MINUTE, 100).then(MINUTE, 300)));
        clock.advance(Duration.ofSeconds(59));
        assertThat(last(resource, MINUTE)).isEqualTo(100);
        host.apply("web-1", LimitChange.to(resource, 250));
        clock.advance(Duration.ofSeconds(61));
        assertThat(last(resource, MINUTE)).isEqualTo(250);
        host.apply("web-1", LimitChange.lift(resource));
        clock.advance(MINUTE);
        assertThat(last(resource, MINUTE)).isEqualTo(300);
    }

    @Test
    void aLimitThatMovesWithinTheWindowCountsForItsPartOfIt() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(400)));
        host.apply("web-1", LimitChange.to(Resource.CPU, 100));
        clock.advance(Duration.ofMillis(1_050));
        host.apply("web-1", LimitChange.to(Resource.CPU, 200));
        clock.advance(Duration.ofMillis(2_950));
        assertThat(last(Resource.CPU, Duration.ofSeconds(4))).isEqualTo((100 * 1.05 + 200 * 2.95) / 4);
        assertThat(last(Resource.CPU, Duration.ofSeconds(2))).isEqualTo(200);
    }

    @Test
    void aWindowInThePastSeesTheLimitsOfThatTime() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(400)));
        Instant start = clock.instant();
        for (int limit = 1; limit <= 100; limit++) {
            host.apply("web-1", LimitChange.to(Resource.CPU, limit));
            clock.advance(Duration.ofSeconds(1));
        }
        for (int limit = 1; limit <= 100; limit++) {
            assertThat(usage(start.plusSeconds(limit - 1), start.plusSeconds(limit), Resource.CPU)
                            .orNaN("web-1", Resource.CPU))
                    .isEqualTo(limit);
        }
    }

    @Test
    void aWindowBeforeTheStartAndOneInTheFutureHaveNoSample() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        Instant start = clock.instant();
        clock.advance(MINUTE);
        assertThat(usage(start.minusSeconds(9), start.minusSeconds(4), Resource.CPU)
                        .structures())
                .isZero();
        assertThat(usage(start.plusSeconds(61), start.plusSeconds(66), Resource.CPU)
                        .structures())
                .isZero();
    }

    @Test
    void onlyThePartOfAWindowCountsInWhichTheContainerWasThere() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        Instant start = clock.instant();
        clock.advance(MINUTE);
        assertThat(usage(start.minusSeconds(60), start.plusSeconds(999), Resource.CPU)
                        .orNaN("web-1", Resource.CPU))
                .isEqualTo(50);
    }

    @Test
    void aContainerUsesNoMoreThanItsCpusAndTheHostsMemory() {
        host.addContainer(
                "web-1", Map.of(Resource.CPU, Demand.constant(1_000), Resource.MEMORY, Demand.constant(100_000)));
        clock.advance(MINUTE);
        assertThat(last(Resource.CPU, MINUTE)).isEqualTo(400);
        assertThat(last(Resource.MEMORY, MINUTE)).isEqualTo(8192);
        host.apply("web-1", LimitChange.cpu(350, CpuSet.of(1, 3)));
        clock.advance(MINUTE);
        assertThat(last(Resource.CPU, MINUTE)).isEqualTo(200);
    }

    @Test
    void whatIsNotDemandedIsNotMeasured() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        clock.advance(MINUTE);
        assertThat(usage(clock.instant().minus(MINUTE), clock.instant(), Resource.NET)
                        .of("web-1", Resource.NET))
                .isEmpty();
    }

    @Test
    void aRemovedContainerIsMissingAndTheOthersGoOn() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        host.addContainer("web-2", Map.of(Resource.CPU, Demand.constant(70)));
        host.removeContainer("web-2");
        clock.advance(MINUTE);
        assertThatThrownBy(() -> host.limits("web-2")).isInstanceOf(MissingContainerException.class);
        assertThatThrownBy(() -> host.removeContainer("web-2")).isInstanceOf(MissingContainerException.class);
        assertThat(host.throttling("web-2")).isEmpty();
        Usages usages =
                host.usage(query(List.of("web-2", "web-1"), clock.instant().minus(MINUTE), clock.instant()));
        assertThat(usages.of("web-1", Resource.CPU)).hasValue(50);
        assertThat(usages.problems())
                .singleElement()
                .asString()
                .isEqualTo("container 'web-2': there is no container 'web-2': "
                        + "this simulated host runs none of this name");
        assertThat(host.containers()).containsExactly("web-1");
    }

    @Test
    void aDemandThatIsNoNumberIsAProblemOfItsContainerOnly() {
        host.addContainer("odd", Map.of(Resource.CPU, sinceStart -> Double.NaN));
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        clock.advance(MINUTE);
        Usages usages =
                host.usage(query(List.of("odd", "web-1"), clock.instant().minus(MINUTE), clock.instant()));
        assertThat(usages.of("web-1", Resource.CPU)).hasValue(50);
        assertThat(usages.of("odd", Resource.CPU)).isEmpty();
        assertThat(usages.problems()).singleElement().asString().contains("odd").contains("NaN");
    }

    @Test
    void onlyContainersAreMeasured() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        clock.advance(MINUTE);
        Usages usages = host.usage(new UsageQuery(
                Structure.Subtype.APPLICATION,
                List.of("web-1"),
                Set.of(Resource.CPU),
                clock.instant().minus(MINUTE),
                clock.instant()));
        assertThat(usages.structures()).isZero();
        assertThat(usages.problems()).singleElement().asString().contains("application");
    }

    @Test
    void twoContainersOfOneNameAreRefused() {
        host.addContainer("web-1", Map.of());
        assertThatThrownBy(() -> host.addContainer("web-1", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("web-1");
    }

    @Test
    void cpusThatTheHostDoesNotHaveAreRefusedAndNothingMoves() {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(50)));
        var before = host.limits("web-1");
        assertThatThrownBy(() -> host.apply("web-1", LimitChange.cpu(50, CpuSet.of(3, 4))))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("3-4");
        assertThat(host.limits("web-1")).isEqualTo(before);
        assertThat(host.writes()).isZero();
    }

    @Test
    void throttledPeriodsAreThoseInWhichTheDemandIsAboveTheQuota() {
        host.addContainer(
                "web-1",
                Map.of(
                        Resource.CPU,
                        Demand.phase(MINUTE, 50)
                                .then(MINUTE, 150)
                                .then(MINUTE, 0)
                                .then(MINUTE, 100)));
        host.apply("web-1", LimitChange.to(Resource.CPU, 100));
        clock.advance(MINUTE);
        assertThat(host.throttling("web-1")).hasValue(new Throttling(600, 0));
        clock.advance(Duration.ofSeconds(30));
        assertThat(host.throttling("web-1")).hasValue(new Throttling(900, 300));
        host.apply("web-1", LimitChange.to(Resource.CPU, 200));
        clock.advance(Duration.ofSeconds(30));
        assertThat(host.throttling("web-1")).hasValue(new Throttling(1200, 300));
        clock.advance(MINUTE);
        assertThat(host.throttling("web-1")).hasValue(new Throttling(1200, 300));
        host.apply("web-1", LimitChange.to(Resource.CPU, 99));
        clock.advance(MINUTE);
        assertThat(host.throttling("web-1")).hasValue(new Throttling(1800, 900));
    }

    @Test
    void aContainerWithoutACpuDemandIsNeverThrottled() {
        host.addContainer("web-1", Map.of());
        clock.advance(MINUTE);
        assertThat(host.throttling("web-1")).hasValue(new Throttling(0, 0));
    }

    @Test
    void signalsAreToldOnlyIfAskedFor() {
        SimulatedHost telling =
                SimulatedHost.builder().clock(clock).cpus(4).signals(true).build();
        for (SimulatedHost each : List.of(host, telling)) {
            each.addContainer(
                    "web-1", Map.of(Resource.CPU, Demand.constant(150), Resource.MEMORY, Demand.constant(100)));
            each.apply("web-1", LimitChange.to(Resource.CPU, 100));
        }
        clock.advance(MINUTE);
        assertThat(usage(clock.instant().minus(MINUTE), clock.instant(), Resource.CPU)
                        .signals("web-1", Resource.CPU))
                .isEqualTo(Signals.NONE);
        Usages told = telling.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of("web-1"),
                Set.of(Resource.CPU, Resource.MEMORY),
                clock.instant().minus(MINUTE),
                clock.instant()));
        assertThat(told.signals("web-1", Resource.CPU)).isEqualTo(Signals.NONE.withThrottledRatio(1));
        assertThat(told.signals("web-1", Resource.MEMORY)).isEqualTo(Signals.NONE);
    }

    @Test
    void aMemoryLimitStopsAtWhatIsInUse() {
        host.addContainer(
                "web-1",
                Map.of(
                        Resource.MEMORY,
                        Demand.phase(MINUTE, 300.5).then(MINUTE, 900).then(MINUTE, 100)));
        host.apply("web-1", LimitChange.to(Resource.MEMORY, 512));
        LimitOutcome lowered = host.apply("web-1", LimitChange.to(Resource.MEMORY, 200));
        assertThat(lowered.status()).isEqualTo(LimitOutcome.Status.PARTIAL);
        assertThat(lowered.reached()).hasValue(301);
        assertThat(lowered.reason())
                .isEqualTo(
                        "container 'web-1' holds 301 MiB of memory, which a limit of 200 MiB " + "would take from it");
        LimitOutcome again = host.apply("web-1", LimitChange.to(Resource.MEMORY, 200));
        assertThat(again.status()).isEqualTo(LimitOutcome.Status.REFUSED);
        assertThat(again.reached()).hasValue(301);
        clock.advance(MINUTE.plusSeconds(30));
        assertThat(last(Resource.MEMORY, Duration.ofSeconds(10)))
                .as("growth stops at the limit")
                .isEqualTo(301);
        clock.advance(MINUTE);
        assertThat(host.apply("web-1", LimitChange.to(Resource.MEMORY, 200)))
                .as("once it was freed")
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(200)));
    }

    @Test
    void writesAreCounted() {
        host.addContainer("web-1", Map.of(Resource.MEMORY, Demand.constant(300)));
        host.apply("web-1", LimitChange.to(Resource.CPU, 100));
        host.apply("web-1", LimitChange.to(Resource.MEMORY, 300));
        host.apply("web-1", LimitChange.to(Resource.MEMORY, 200));
        assertThatThrownBy(() -> host.apply("web-2", LimitChange.to(Resource.CPU, 100)))
                .isInstanceOf(MissingContainerException.class);
        assertThat(host.writes()).isEqualTo(3);
    }

    @Test
    void oneThreadMayMeasureWhileAnotherWritesLimits() throws Exception {
        host.addContainer("web-1", Map.of(Resource.CPU, Demand.constant(1_000)));
        host.apply("web-1", LimitChange.to(Resource.CPU, 100));
        clock.advance(MINUTE);
        var reader = Executors.newSingleThreadExecutor();
        try {
            var writing = new AtomicBoolean(true);
            var lowestAndHighest = reader.submit(() -> {
                var seen = new DoubleSummaryStatistics();
                do {
                    seen.accept(last(Resource.CPU, Duration.ofSeconds(1)));
                } while (writing.get());
                return seen;
            });
            for (int write = 0; write < 20_000; write++) {
                host.apply("web-1", LimitChange.to(Resource.CPU, 100 + write % 100));
                clock.advance(Duration.ofMillis(70));
            }
            writing.set(false);
            assertThat(lowestAndHighest.get().getMin()).isGreaterThanOrEqualTo(100);
            assertThat(lowestAndHighest.get().getMax()).isLessThanOrEqualTo(199);
        } finally {
            reader.shutdownNow();
        }
    }

    @Test
    void settingsThatMakeNoHostAreRefused() {
        assertThatThrownBy(() -> SimulatedHost.builder().cpus(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> SimulatedHost.builder().memoryMiB(-5)).hasMessageContaining("-5");
        assertThatThrownBy(() -> SimulatedHost.builder().remembering(Duration.ofSeconds(-1)))
                .hasMessageContaining("PT-1S");
    }

    private double last(Resource resource, Duration window) {
        return usage(clock.instant().minus(window), clock.instant(), resource).orNaN("web-1", resource);
    }

    private Usages usage(Instant from, Instant to, Resource resource) {
        return host.usage(new UsageQuery(Structure.Subtype.CONTAINER, List.of("web-1"), Set.of(resource), from, to));
    }

    private static UsageQuery query(List<String> names, Instant from, Instant to) {
        return new UsageQuery(Structure.Subtype.CONTAINER, names, Set.of(Resource.CPU), from, to);
    }
}
