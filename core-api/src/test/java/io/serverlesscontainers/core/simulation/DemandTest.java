package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

@Domain(Demands.class)
@Domain(DomainContext.Global.class)
class DemandTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Property
    void aDemandIsAFiniteNumberFromZeroOn(
            @ForAll Demand demand, @ForAll @LongRange(min = 0, max = 10_000_000) long millis) {
        assertThat(demand.at(Duration.ofMillis(millis))).isFinite().isNotNegative();
    }

    @Property
    void aDemandStaysAsItIsAsLongAsItSays(
            @ForAll Demand demand,
            @ForAll @LongRange(min = 0, max = 200_000) long millis,
            @ForAll @LongRange(min = 0, max = 200_000) long later) {
        Duration asked = Duration.ofMillis(millis);
        Duration steadyUntil = demand.steadyUntil(asked);
        assertThat(steadyUntil).isGreaterThanOrEqualTo(asked);
        Duration other = Duration.ofMillis(millis + later);
        if (other.compareTo(steadyUntil) < 0) {
            assertThat(demand.at(other)).isEqualTo(demand.at(asked));
        }
        if (steadyUntil.compareTo(asked) > 0) {
            Duration last = steadyUntil.minusNanos(1);
            assertThat(demand.at(last.compareTo(Beats.FOREVER) < 0 ? last : asked))
                    .isEqualTo(demand.at(asked));
        }
    }

    @Property
    void theOrderInWhichADemandIsAskedDoesNotMatter(@ForAll Demand demand) {
        double[] forwards = LongStream.range(0, 100)
                .mapToDouble(second -> at(demand, second))
                .toArray();
        double[] backwards = LongStream.range(0, 100)
                .mapToDouble(second -> at(demand, 99 - second))
                .toArray();
        for (int second = 0; second < forwards.length; second++) {
            assertThat(backwards[99 - second]).isEqualTo(forwards[second]);
        }
    }

    @Property
    void whatIsGeneratedFollowsFromTheSeedAlone(@ForAll long seed) {
        for (int second = 0; second < 100; second++) {
            assertThat(at(Demand.wandering(seed, 10, 300, MINUTE), second))
                    .isEqualTo(at(Demand.wandering(seed, 10, 300, MINUTE), second));
            assertThat(at(bursty(seed), second)).isEqualTo(at(bursty(seed), second));
            assertThat(at(Demand.constant(100).noisy(seed, 0.5), second))
                    .isEqualTo(at(Demand.constant(100).noisy(seed, 0.5), second));
        }
    }

    @Property
    void anotherSeedGivesAnotherCourse(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
        assertThat(course(Demand.wandering(seed, 10, 300, MINUTE)))
                .isNotEqualTo(course(Demand.wandering(seed + 1, 10, 300, MINUTE)));
        assertThat(course(bursty(seed))).isNotEqualTo(course(bursty(seed + 1)));
        assertThat(course(Demand.constant(100).noisy(seed, 0.5)))
                .isNotEqualTo(course(Demand.constant(100).noisy(seed + 1, 0.5)));
    }

    @Example
    void neighbouringSeedsAndKindsHaveNothingInCommon() {
        for (long seed = 0; seed < 100; seed++) {
            double[] wandering = course(Demand.wandering(seed, 0, 1, Demand.BEAT.multipliedBy(2)));
            double[] neighbour = course(Demand.wandering(seed + 1, 0, 1, Demand.BEAT.multipliedBy(2)));
            double[] bursty = course(bursty(seed));
            double[] noisy = course(Demand.constant(1).noisy(seed, 1));
            assertThat(correlation(wandering, neighbour)).isCloseTo(0, within(0.2));
            assertThat(correlation(wandering, noisy)).isCloseTo(0, within(0.2));
            assertThat(correlation(bursty, noisy)).isCloseTo(0, within(0.2));
        }
    }

    private static double correlation(double[] one, double[] other) {
        double meanOfOne = DoubleStream.of(one).average().orElseThrow();
        double meanOfOther = DoubleStream.of(other).average().orElseThrow();
        double both = 0;
        double ofOne = 0;
        double ofOther = 0;
        for (int second = 0; second < one.length; second++) {
            both += (one[second] - meanOfOne) * (other[second] - meanOfOther);
            ofOne += Math.pow(one[second] - meanOfOne, 2);
            ofOther += Math.pow(other[second] - meanOfOther, 2);
        }
        return both / Math.sqrt(ofOne * ofOther);
    }

    @Property
    void aWanderingDemandStaysBetweenItsLevelsAndDoesNotJump(@ForAll long seed) {
        double[] course = course(Demand.wandering(seed, 10, 300, MINUTE));
        assertThat(DoubleStream.of(course)).allMatch(level -> level >= 10 && level <= 300);
        for (int second = 1; second < course.length; second++) {
            // Three octaves of slope height / pace each: 3 / (1 + 1/2 + 1/4) of the range per minute.
            assertThat(course[second]).isCloseTo(course[second - 1], within(290 * 3 / 1.75 / 60 + 1e-9));
        }
        assertThat(DoubleStream.of(course).max().orElseThrow()
                        - DoubleStream.of(course).min().orElseThrow())
                .as("it does move")
                .isGreaterThan(50);
    }

    @Property
    void aBurstyDemandBurstsAboutAsOftenAsItShould(@ForAll long seed) {
        double bursts = LongStream.range(0, 2_000)
                .filter(second -> at(bursty(seed), second) == 300)
                .count();
        assertThat(bursts / 2_000).isCloseTo(0.3, within(0.07));
    }

    @Property
    void noiseStaysWithinItsFraction(@ForAll long seed) {
        assertThat(DoubleStream.of(course(Demand.constant(100).noisy(seed, 0.2))))
                .allMatch(level -> level >= 80 && level <= 120);
    }

    @Example
    void phasesFollowEachOtherAndTheLastOneStays() {
        Demand demand = Demand.phase(MINUTE, 20).then(MINUTE, 350).then(MINUTE, 120);
        assertThat(List.of(at(demand, 0), at(demand, 59), at(demand, 60), at(demand, 119), at(demand, 120)))
                .containsExactly(20.0, 20.0, 350.0, 350.0, 120.0);
        assertThat(at(demand, 100_000)).isEqualTo(120);
    }

    @Example
    void repeatedPhasesStartOver() {
        Demand demand = Demand.phase(MINUTE, 20).then(MINUTE, 350).repeated();
        assertThat(at(demand, 120)).isEqualTo(20);
        assertThat(at(demand, 60 + 120 * 1000)).isEqualTo(350);
    }

    @Example
    void aShiftedDemandStartsLaterOrHasStartedBefore() {
        Demand demand = Demand.phase(MINUTE, 20).then(MINUTE, 350);
        assertThat(at(demand.shifted(MINUTE), 59)).isZero();
        assertThat(at(demand.shifted(MINUTE), 60)).isEqualTo(20);
        assertThat(at(demand.shifted(MINUTE.negated()), 0)).isEqualTo(350);
    }

    @Example
    void aSumIsBothAtOnce() {
        assertThat(at(Demand.constant(20).plus(Demand.phase(MINUTE, 1).then(MINUTE, 2)), 60))
                .isEqualTo(22);
    }

    @Example
    void whatNoContainerCanUseIsRefused() {
        assertThatThrownBy(() -> Demand.constant(-1)).hasMessageContaining("-1.0");
        assertThatThrownBy(() -> Demand.constant(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Demand.constant(Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThatThrownBy(() -> Demand.phase(Duration.ZERO, 1)).hasMessageContaining("PT0S");
        assertThatThrownBy(() -> Demand.wandering(1, 20, 10, MINUTE)).hasMessageContaining("10.0");
        assertThatThrownBy(() -> Demand.wandering(1, 10, 20, Demand.BEAT)).hasMessageContaining("PT1S");
        assertThatThrownBy(() -> Demand.bursty(1, 1, 2, MINUTE, 1.1)).hasMessageContaining("1.1");
        assertThatThrownBy(() -> Demand.constant(1).noisy(1, -0.1)).hasMessageContaining("-0.1");
    }

    private static Demand bursty(long seed) {
        return Demand.bursty(seed, 20, 300, Duration.ofSeconds(1), 0.3);
    }

    private static double[] course(Demand demand) {
        return LongStream.range(0, 1_200)
                .mapToDouble(second -> at(demand, second))
                .toArray();
    }

    private static double at(Demand demand, long second) {
        return demand.at(Duration.ofSeconds(second));
    }
}
