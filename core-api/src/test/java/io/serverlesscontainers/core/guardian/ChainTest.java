package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.StructureResource;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainTest {
    private record Documents(long max, long min, long current, Boundary boundary, ResourceLimits limits) {
        StructureResource has() {
            return StructureResource.bounds(min, max, true).withCurrent(current);
        }
    }

    @Provide
    Arbitrary<Documents> documents() {
        Arbitrary<Long> anything = Arbitraries.longs();
        return Arbitraries.of(1L, 20L, 400L, 30_000L, Chain.GREATEST).flatMap(greatest -> {
            Arbitrary<Long> amount = Arbitraries.longs().between(0, greatest);
            return Combinators.combine(amount, amount, amount, States.boundaries(greatest), anything, anything)
                    .as((one, other, current, boundary, upper, lower) -> new Documents(
                            Math.max(one, other),
                            Math.min(one, other),
                            current,
                            boundary,
                            ResourceLimits.of(boundary).withThresholds(upper, lower)));
        });
    }

    @Property(tries = 10_000)
    void a_repaired_chain_is_valid_whatever_the_thresholds_were(@ForAll("documents") Documents documents) {
        Chain chain = Chain.of(documents.has(), documents.limits());

        assertThat(chain.max()).isEqualTo(documents.max()).isGreaterThanOrEqualTo(chain.current());
        assertThat(chain.min()).isEqualTo(documents.min());
        assertThat(chain.current() - chain.upper()).isEqualTo(chain.margin());
        assertThat(chain.upper() - chain.lower()).isEqualTo(chain.margin());
        assertThat(chain.margin()).isPositive();
    }

    @Property(tries = 5_000)
    void margin_and_limit_are_as_an_oracle_of_big_integers_says(@ForAll("documents") Documents documents) {
        Chain chain = Chain.of(documents.has(), documents.limits());

        BigInteger max = BigInteger.valueOf(documents.max());
        BigInteger current = BigInteger.valueOf(documents.current()).min(max);
        BigInteger value = BigInteger.valueOf(documents.boundary().value());
        BigInteger hundred = BigInteger.valueOf(100);
        BigInteger margin = switch (documents.boundary().type()) {
            case ABSOLUTE -> value;
            case PERCENTAGE_OF_MAX -> max.multiply(value).divide(hundred);
            case PERCENTAGE_OF_CURRENT -> current.multiply(value).divide(hundred);
        };
        assertThat(BigInteger.valueOf(chain.current())).isEqualTo(current);
        assertThat(BigInteger.valueOf(chain.margin())).isEqualTo(margin.max(BigInteger.ONE));
    }

    @Property(tries = 2_000)
    void a_repaired_chain_needs_no_repair(@ForAll("documents") Documents documents) {
        Chain chain = Chain.of(documents.has(), documents.limits());
        ResourceLimits repaired = documents.limits().withThresholds(chain.upper(), chain.lower());

        assertThat(chain.matches(repaired)).isTrue();
        assertThat(chain.matches(repaired.withThresholds(chain.upper() + 1, chain.lower())))
                .isFalse();
        assertThat(chain.matches(repaired.withThresholds(chain.upper(), chain.lower() - 1)))
                .isFalse();
        assertThat(Chain.of(documents.has().withCurrent(chain.current()), repaired))
                .isEqualTo(chain);
    }

    @ParameterizedTest(name = "max {0}, limit {1}, {2}: {4}")
    @CsvSource({
        "400, 200, 25, ABSOLUTE, 25",
        "400, 200, 0, ABSOLUTE, 1",
        "400, 200, 10, PERCENTAGE_OF_MAX, 40",
        "400, 200, 10, PERCENTAGE_OF_CURRENT, 20",
        "399, 199, 10, PERCENTAGE_OF_MAX, 39",
        "399, 199, 10, PERCENTAGE_OF_CURRENT, 19",
        "400, 200, 0, PERCENTAGE_OF_MAX, 1",
        "9, 9, 10, PERCENTAGE_OF_MAX, 1",
        "400, 200, 100, PERCENTAGE_OF_MAX, 400",
        "400, 500, 10, PERCENTAGE_OF_CURRENT, 40"
    })
    void a_boundary_comes_to_a_margin(long max, long current, long value, Boundary.Type type, long margin) {
        Chain chain = Chain.of(
                StructureResource.bounds(1, max, true).withCurrent(current),
                ResourceLimits.of(new Boundary(value, type)));

        assertThat(chain.margin()).isEqualTo(margin);
        assertThat(chain.upper()).isEqualTo(Math.min(current, max) - margin);
        assertThat(chain.lower()).isEqualTo(Math.min(current, max) - 2 * margin);
    }

    @Test
    void thresholds_that_were_never_written_do_not_match() {
        Chain chain = Chain.of(
                StructureResource.bounds(50, 400, true).withCurrent(200), ResourceLimits.of(Boundary.absolute(25)));

        assertThat(chain.matches(ResourceLimits.of(Boundary.absolute(25)))).isFalse();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "max is missing, a whole number from 0 on is needed|-|50|200|25|ABSOLUTE",
                "min is missing, a whole number from 0 on is needed|400|-|200|25|ABSOLUTE",
                "current is missing, a whole number from 0 on is needed|400|50|-|25|ABSOLUTE",
                "max is -1, a whole number from 0 to 1000000000000 is needed|-1|50|200|25|ABSOLUTE",
                "current is 9223372036854775807, a whole number from 0 to 1000000000000 is needed"
                        + "|400|50|9223372036854775807|25|ABSOLUTE",
                "min is 401, more than max, which is 400|400|401|200|25|ABSOLUTE",
                "boundary is missing, a whole number from 0 on is needed|400|50|200|-|ABSOLUTE",
                "boundary is -1, an amount of 0 or more is needed|400|50|200|-1|ABSOLUTE",
                "boundary is 1000000000001, a whole number from 0 to 1000000000000 is needed"
                        + "|400|50|200|1000000000001|ABSOLUTE",
                "boundary is 101, a percentage from 0 to 100 is needed|400|50|200|101|PERCENTAGE_OF_MAX",
                "boundary is -1, a percentage from 0 to 100 is needed|400|50|200|-1|PERCENTAGE_OF_CURRENT"
            })
    void what_cannot_be_repaired_is_named(
            String sentence, Long max, Long min, Long current, Long boundary, Boundary.Type type) {
        var has = new StructureResource(
                optional(max),
                optional(min),
                optional(current),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                Optional.of(true),
                Optional.empty(),
                Optional.empty(),
                Map.of());
        var limits = new ResourceLimits(
                OptionalLong.of(175),
                OptionalLong.of(150),
                Optional.ofNullable(boundary).map(value -> new Boundary(value, type)),
                Map.of());

        assertThatThrownBy(() -> Chain.of(has, limits))
                .isInstanceOfSatisfying(UnusableChainException.class, unusable -> {
                    assertThat(unusable).hasMessage(sentence);
                    assertThat(sentence).isEqualTo(unusable.field() + " " + unusable.whatIsWrong());
                    assertThat(unusable.kind())
                            .isEqualTo(
                                    unusable.field().equals("boundary")
                                            ? DocumentKind.LIMITS
                                            : DocumentKind.STRUCTURES);
                });
    }

    private static OptionalLong optional(Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
