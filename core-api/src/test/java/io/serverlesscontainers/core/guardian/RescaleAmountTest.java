package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.StructureResource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RescaleAmountTest {
    private static final BigDecimal GREATEST = BigDecimal.valueOf(Chain.GREATEST);

    /** States with a usage from nothing to a tenth more than the limit. */
    @Provide
    Arbitrary<ResourceState> states() {
        return Combinators.combine(States.chains(), Arbitraries.doubles().between(0, 1.1))
                .as((chain, share) -> States.state(chain, share * chain.current()));
    }

    @Property(tries = 2_000)
    void a_set_amount_is_itself(
            @ForAll("states") ResourceState state,
            @ForAll @LongRange(min = -Chain.GREATEST, max = Chain.GREATEST) long amount) {
        assertThat(RescaleAmount.of(Rescale.byAmount(amount), state)).isEqualTo(amount);
    }

    @Property(tries = 8_000)
    void fitting_is_what_decimal_numbers_say(@ForAll("states") ResourceState state) {
        BigDecimal half = BigDecimal.valueOf(state.margin())
                .divide(BigDecimal.valueOf(2), 0, RoundingMode.DOWN)
                .max(BigDecimal.ONE);
        BigDecimal limit = new BigDecimal(state.usage())
                .add(half)
                .add(BigDecimal.valueOf(state.margin()))
                .setScale(0, RoundingMode.DOWN)
                .min(GREATEST);

        assertThat(RescaleAmount.of(Rescale.fitToUsage(), state))
                .isEqualTo(limit.subtract(BigDecimal.valueOf(state.current())).longValueExact());
    }

    @Property(tries = 8_000)
    void proportional_is_what_decimal_numbers_say(
            @ForAll("states") ResourceState state, @ForAll @LongRange(min = -100_000, max = 100_000) long amount) {
        BigDecimal above = new BigDecimal(state.usage()).subtract(BigDecimal.valueOf(state.upper()));
        BigDecimal distance = BigDecimal.valueOf(state.current() - state.upper());
        BigDecimal expected = above.compareTo(distance) >= 0
                ? BigDecimal.valueOf(amount)
                : above.multiply(BigDecimal.valueOf(amount)).divide(distance, 0, RoundingMode.DOWN);

        assertThat(RescaleAmount.of(proportional(amount), state))
                .isEqualTo(expected.min(GREATEST).max(GREATEST.negate()).longValueExact());
    }

    @Property(tries = 4_000)
    void no_value_however_extreme_overflows(
            @ForAll @DoubleRange(min = 0, max = Double.MAX_VALUE) double usage,
            @ForAll long amount,
            @ForAll("states") ResourceState drawn) {
        var state = new ResourceState(
                drawn.structure(),
                drawn.resource(),
                usage,
                drawn.max(),
                drawn.min(),
                drawn.current(),
                drawn.upper(),
                drawn.lower(),
                drawn.boundary(),
                drawn.margin());

        assertThat(RescaleAmount.of(Rescale.byAmount(amount), state)).isBetween(-Chain.GREATEST, Chain.GREATEST);
        assertThat(RescaleAmount.of(Rescale.fitToUsage(), state)).isBetween(-Chain.GREATEST, Chain.GREATEST);
        assertThat(RescaleAmount.of(proportional(amount), state)).isBetween(-Chain.GREATEST, Chain.GREATEST);
    }

    /** Smaller margins leave no room between the thresholds: half of 2 or 3 is 1, and the fraction is cut. */
    @Property(tries = 8_000)
    void fitting_leaves_usage_between_the_new_thresholds_wherever_the_bounds_permit(
            @ForAll @LongRange(min = 0, max = 1_000) long min,
            @ForAll @LongRange(min = 0, max = 30_000) long room,
            @ForAll @DoubleRange(min = 0, max = 1) double at,
            @ForAll @DoubleRange(min = 0, max = 1) double used,
            @ForAll @LongRange(min = 4, max = 100) long value,
            @ForAll boolean percentage) {
        long max = min + room;
        Boundary boundary = percentage ? Boundary.percentOfMax((int) value) : Boundary.absolute(value);
        Assume.that(boundary.margin(max, max) >= 4);
        Chain before = chain(min, max, min + (long) (at * room), boundary);
        ResourceState state = States.state(before, used * before.current());
        long proposed = RescaleAmount.of(Rescale.fitToUsage(), state);
        long amount = AmountTrim.trim(proposed, state);
        Assume.that(amount == proposed);

        Chain after = chain(min, max, before.current() + amount, boundary);
        assertThat(state.usage()).isGreaterThan(after.lower()).isLessThan(after.upper());
    }

    private static Chain chain(long min, long max, long current, Boundary boundary) {
        return Chain.of(StructureResource.bounds(min, max, true).withCurrent(current), ResourceLimits.of(boundary));
    }

    @ParameterizedTest(name = "usage {0}, limit {1}, margin {2}: {3}")
    @CsvSource({
        // usage + 12 + 25 − 200
        "100.0, 200, 25, -63",
        "100.9, 200, 25, -63",
        "0.0, 200, 25, -163",
        "190.0, 200, 25, 27",
        // A margin of 1 has no half: 1 is taken.
        "100.0, 200, 1, -98",
        // In doubles, 0.9999999999999999 + 37 is 38.
        "0.9999999999999999, 200, 25, -163"
    })
    void fitting_by_hand(double usage, long current, long margin, long amount) {
        ResourceState state = States.state(chain(50, 400, current, Boundary.absolute(margin)), usage);

        assertThat(RescaleAmount.of(Rescale.fitToUsage(), state)).isEqualTo(amount);
    }

    @ParameterizedTest(name = "usage {0} of {1}: {2}")
    @CsvSource({
        // upper 100, limit 200
        "100.0, 100, 0",
        "129.0, 100, 29",
        "150.0, 75, 37",
        "200.0, 75, 75",
        "250.0, 75, 75",
        "50.0, 75, -37",
        "150.0, -75, -37"
    })
    void proportional_by_hand(double usage, long amount, long expected) {
        ResourceState state = States.state(chain(50, 400, 200, Boundary.absolute(100)), usage);

        assertThat(RescaleAmount.of(proportional(amount), state)).isEqualTo(expected);
    }

    private static Rescale proportional(long amount) {
        return new Rescale(Rescale.Policy.PROPORTIONAL, amount < 0 ? Direction.DOWN : Direction.UP, amount);
    }
}
