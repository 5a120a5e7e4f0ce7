package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import net.jqwik.api.lifecycle.BeforeTry;

@Domain(Demands.class)
@Domain(DomainContext.Global.class)
class SimulatedHostPropertiesTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private VirtualClock clock;
    private SimulatedHost host;

    @BeforeTry
    void startHost() {
        clock = VirtualClock.startingAt(START);
        host = SimulatedHost.builder().clock(clock).cpus(4).memoryMiB(800).build();
    }

    @Property
    void nobodyUsesMoreThanTheLimit(
            @ForAll Demand demand,
            @ForAll Resource resource,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 1_200) Integer> limits,
            @ForAll @LongRange(min = 1, max = 7_777) long pauseMillis) {
        host.addContainer("web-1", Map.of(resource, demand));
        for (int limit : limits) {
            LimitOutcome outcome = host.apply("web-1", LimitChange.to(resource, limit));
            Instant from = clock.instant();
            Instant to = clock.advance(Duration.ofMillis(pauseMillis));
            assertThat(usage(host, resource, from, to))
                    .isBetween(0.0, (double) outcome.reached().orElseThrow());
        }
    }

    @Property
    void theMeansOfNeighbouringWindowsAddUp(
            @ForAll Demand demand,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 1_200) Integer> limits,
            @ForAll @Size(min = 3, max = 6) Set<@LongRange(min = 0, max = 30_000) Long> cutsAtMillis) {
        host.addContainer("web-1", Map.of(Resource.CPU, demand));
        for (int limit : limits) {
            host.apply("web-1", LimitChange.to(Resource.CPU, limit));
            clock.advance(Duration.ofMillis(30_000 / limits.size() + 1));
        }
        var cuts = new TreeSet<>(cutsAtMillis);
        double used = 0;
        Long from = null;
        for (long to : cuts) {
            used += from == null ? 0 : (to - from) * usage(host, Resource.CPU, millis(from), millis(to));
            from = to;
        }
        double whole = usage(host, Resource.CPU, millis(cuts.first()), millis(cuts.last()));
        assertThat(used).isCloseTo(whole * (cuts.last() - cuts.first()), within(1e-6 * Math.max(1, used)));
    }

    @Property
    void theMeanIsThatOfItsPeriods(
            @ForAll Demand demand,
            @ForAll @IntRange(min = 1, max = 1_200) int limit,
            @ForAll @IntRange(min = 1, max = 400) int periods) {
        host.addContainer("web-1", Map.of(Resource.NET, demand));
        host.apply("web-1", LimitChange.to(Resource.NET, limit));
        clock.advance(SimulatedHost.PERIOD.multipliedBy(periods));
        double used = 0;
        for (int period = 0; period < periods; period++) {
            used += Math.min(limit, demand.at(SimulatedHost.PERIOD.multipliedBy(period)));
        }
        assertThat(usage(host, Resource.NET, START, clock.instant()))
                .isCloseTo(used / periods, within(1e-9 * Math.max(1, used)));
    }

    @Property
    void throttledPeriodsAreTheOnesAboveTheQuota(
            @ForAll Demand demand,
            @ForAll @IntRange(min = 1, max = 400) int limit,
            @ForAll @IntRange(min = 1, max = 400) int periods) {
        host.addContainer("web-1", Map.of(Resource.CPU, demand));
        host.apply("web-1", LimitChange.to(Resource.CPU, limit));
        clock.advance(SimulatedHost.PERIOD.multipliedBy(periods));
        int busy = 0;
        int throttled = 0;
        for (int period = 0; period < periods; period++) {
            double runnable = Math.min(400, demand.at(SimulatedHost.PERIOD.multipliedBy(period)));
            busy += runnable > 0 ? 1 : 0;
            throttled += runnable > limit ? 1 : 0;
        }
        assertThat(host.throttling("web-1")).hasValue(new Throttling(busy, throttled));
    }

    @Property
    void theThrottledRatioOfAWindowIsThatOfItsPeriods(
            @ForAll Demand demand,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 450) Integer> limits,
            @ForAll @IntRange(min = 1, max = 50) int periodsEach) {
        SimulatedHost telling =
                SimulatedHost.builder().clock(clock).cpus(4).signals(true).build();
        telling.addContainer("web-1", Map.of(Resource.CPU, demand));
        int middle = periodsEach * limits.size() / 2;
        int period = 0;
        int busy = 0;
        int throttled = 0;
        for (int limit : limits) {
            telling.apply("web-1", LimitChange.to(Resource.CPU, limit));
            for (int end = period + periodsEach; period < end; period++) {
                double runnable = Math.min(400, demand.at(SimulatedHost.PERIOD.multipliedBy(period)));
                busy += period >= middle && runnable > 0 ? 1 : 0;
                throttled += period >= middle && runnable > limit ? 1 : 0;
            }
            clock.advance(SimulatedHost.PERIOD.multipliedBy(periodsEach));
        }

        // A part of a period belongs to the window in which the period ends.
        Instant from = START.plus(SimulatedHost.PERIOD.multipliedBy(middle)).plusMillis(99);
        assertThat(all(telling, Resource.CPU, from, clock.instant()).signals("web-1", Resource.CPU))
                .isEqualTo(Signals.NONE.withThrottledRatio(busy == 0 ? 0 : (double) throttled / busy));
    }

    @Property
    void memoryInUseStaysInUseWhateverLimitIsWritten(
            @ForAll Demand demand,
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 1_200) Integer> limits,
            @ForAll @LongRange(min = 1, max = 20_000) long pauseMillis) {
        host.addContainer("web-1", Map.of(Resource.MEMORY, demand));
        for (int limit : limits) {
            clock.advance(Duration.ofMillis(pauseMillis));
            double held = usage(host, Resource.MEMORY, clock.instant(), clock.instant());
            LimitOutcome outcome = host.apply("web-1", LimitChange.to(Resource.MEMORY, limit));
            long reached = outcome.reached().orElseThrow();
            assertThat((double) reached).isGreaterThanOrEqualTo(held);
            assertThat(host.limits("web-1").limit(Resource.MEMORY)).hasValue(reached);
            assertThat(outcome.status() == LimitOutcome.Status.APPLIED).isEqualTo(limit >= held);
            assertThat(usage(host, Resource.MEMORY, clock.instant(), clock.instant()))
                    .isGreaterThanOrEqualTo(held);
        }
    }

    @Property
    void twoHostsWithTheSameDemandsAndLimitsUseTheSame(
            @ForAll long seed, @ForAll @Size(max = 10) List<@IntRange(min = 1, max = 400) Integer> limits) {
        SimulatedHost other =
                SimulatedHost.builder().clock(clock).cpus(4).memoryMiB(800).build();
        for (SimulatedHost each : List.of(host, other)) {
            Demand demand = Demand.wandering(seed, 10, 200, Duration.ofSeconds(30))
                    .plus(Demand.bursty(seed, 0, 150, Duration.ofSeconds(7), 0.3))
                    .noisy(seed, 0.1);
            each.addContainer("web-1", Map.of(Resource.CPU, demand));
        }
        for (int limit : limits) {
            host.apply("web-1", LimitChange.to(Resource.CPU, limit));
            other.apply("web-1", LimitChange.to(Resource.CPU, limit));
            Instant from = clock.instant();
            Instant to = clock.advance(Duration.ofSeconds(11));
            // Only one of them is asked in between: asking must leave no trace.
            usage(host, Resource.CPU, from, from.plusSeconds(3));
            assertThat(usage(host, Resource.CPU, from, to)).isEqualTo(usage(other, Resource.CPU, from, to));
        }
        assertThat(host.throttling("web-1")).isEqualTo(other.throttling("web-1"));
    }

    private static Instant millis(long sinceStart) {
        return START.plusMillis(sinceStart);
    }

    private static double usage(SimulatedHost host, Resource resource, Instant from, Instant to) {
        return all(host, resource, from, to).orNaN("web-1", resource);
    }

    private static Usages all(SimulatedHost host, Resource resource, Instant from, Instant to) {
        return host.usage(new UsageQuery(Structure.Subtype.CONTAINER, List.of("web-1"), Set.of(resource), from, to));
    }
}
