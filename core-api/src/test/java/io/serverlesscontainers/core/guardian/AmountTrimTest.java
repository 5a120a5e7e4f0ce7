package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.StructureResource;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTrimTest {
    @Provide
    Arbitrary<ResourceState> states() {
        return States.chains().map(chain -> States.state(chain, 1));
    }

    @Provide
    Arbitrary<ResourceState> validStates() {
        return States.validChains().map(chain -> States.state(chain, 1));
    }

    @Provide
    Arbitrary<Long> amounts() {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(-50, 50),
                Arbitraries.longs().between(-1_000, 1_000),
                Arbitraries.longs().between(-Chain.GREATEST, Chain.GREATEST));
    }

    @Property(tries = 8_000)
    void a_trimmed_amount_never_leads_above_max(@ForAll("states") ResourceState state, @ForAll("amounts") long amount) {
        assertThat(state.current() + AmountTrim.trim(amount, state)).isLessThanOrEqualTo(state.max());
    }

    @Property(tries = 8_000)
    void from_a_valid_state_the_limit_stays_within_its_bounds(
            @ForAll("validStates") ResourceState state, @ForAll("amounts") long amount) {
        assertThat(state.current() + AmountTrim.trim(amount, state)).isBetween(state.min(), state.max());
    }

    @Property(tries = 8_000)
    void lower_stays_at_min_or_above_wherever_max_permits(
            @ForAll("states") ResourceState state, @ForAll("amounts") long amount) {
        long trimmed = AmountTrim.trim(amount, state);

        boolean permits = state.min() + 2 * state.margin() <= state.max();
        assertThat(state.lower() + trimmed)
                .isGreaterThanOrEqualTo(permits ? state.min() : state.max() - 2 * state.margin());
    }

    @Property(tries = 8_000)
    void it_is_what_an_oracle_of_big_integers_says(
            @ForAll("states") ResourceState state, @ForAll("amounts") long amount) {
        BigInteger left = BigInteger.valueOf(amount);
        BigInteger lower = BigInteger.valueOf(state.lower()).add(left);
        BigInteger min = BigInteger.valueOf(state.min());
        if (lower.compareTo(min) < 0) {
            left = left.add(min.subtract(lower));
        }
        BigInteger limit = BigInteger.valueOf(state.current()).add(left);
        BigInteger max = BigInteger.valueOf(state.max());
        if (limit.compareTo(max) > 0) {
            left = left.subtract(limit.subtract(max));
        }

        assertThat(AmountTrim.trim(amount, state)).isEqualTo(left.longValueExact());
    }

    @Property(tries = 2_000)
    void trimming_twice_is_trimming_once(@ForAll("states") ResourceState state, @ForAll("amounts") long amount) {
        long once = AmountTrim.trim(amount, state);

        assertThat(AmountTrim.trim(once, state)).isEqualTo(once);
    }

    @ParameterizedTest(name = "limit {0}, {1}: {2}")
    @CsvSource({
        // max 400, min 50, margin 25: lower is 50 below the limit
        "200, 75, 75",
        "200, -63, -63",
        "200, -100, -100",
        "200, -101, -100",
        "200, -500, -100",
        "350, 75, 50",
        "400, 75, 0",
        "100, -10, 0",
        // A limit below min + two margins goes up, whatever was asked for.
        "80, -10, 20"
    })
    void trimming_by_hand(long current, long amount, long expected) {
        Chain chain = Chain.of(
                StructureResource.bounds(50, 400, true).withCurrent(current), ResourceLimits.of(Boundary.absolute(25)));

        assertThat(AmountTrim.trim(amount, States.state(chain, 1))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "limit {0}, {1}: {2}")
    @CsvSource({"400, -10, 0", "300, -10, 100", "300, 500, 100"})
    void max_holds_where_the_margins_leave_no_room(long current, long amount, long expected) {
        Chain chain = Chain.of(
                StructureResource.bounds(50, 400, true).withCurrent(current),
                ResourceLimits.of(Boundary.percentOfMax(50)));

        assertThat(AmountTrim.trim(amount, States.state(chain, 1))).isEqualTo(expected);
    }
}
