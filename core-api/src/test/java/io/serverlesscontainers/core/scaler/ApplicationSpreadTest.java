package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.scaler.ApplicationSpread.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Who of an application's containers gets how much, and who gives. */
class ApplicationSpreadTest {
    @Test
    void an_increase_goes_to_the_most_pressed_until_it_is_like_the_next() {
        assertThat(ApplicationSpread.of(
                        100, List.of(new Part("pressed", 100, 50, 400, 95), new Part("idle", 100, 50, 400, 35))))
                .isEqualTo(Map.of("pressed", 80L, "idle", 20L));
    }

    @Test
    void a_decrease_is_taken_from_the_least_used() {
        assertThat(ApplicationSpread.of(
                        -40, List.of(new Part("pressed", 100, 50, 400, 95), new Part("idle", 100, 50, 400, 35))))
                .isEqualTo(Map.of("idle", -40L));
    }

    @Test
    void what_one_may_not_have_goes_to_the_next() {
        assertThat(ApplicationSpread.of(
                        100, List.of(new Part("pressed", 100, 50, 120, 95), new Part("idle", 100, 50, 400, 35))))
                .isEqualTo(Map.of("pressed", 20L, "idle", 80L));
    }

    @Test
    void without_any_usage_all_get_the_same() {
        assertThat(ApplicationSpread.of(
                        101, List.of(new Part("a", 100, 50, 400, Double.NaN), new Part("b", 200, 50, 400, Double.NaN))))
                .isEqualTo(Map.of("a", 51L, "b", 50L));
    }

    @Test
    void one_whose_usage_is_not_known_counts_as_the_average() {
        assertThat(ApplicationSpread.of(
                        30,
                        List.of(
                                new Part("a", 100, 50, 400, 90),
                                new Part("b", 100, 50, 400, Double.NaN),
                                new Part("c", 100, 50, 400, 50))))
                .isEqualTo(Map.of("a", 25L, "b", 5L));
    }

    @Test
    void an_application_without_containers_can_take_nothing() {
        assertThat(ApplicationSpread.of(100, List.of())).isEmpty();
    }

    @Property
    void as_much_as_there_is_room_for_is_given_out_and_no_bound_is_crossed(
            @ForAll("parts") List<Part> parts, @ForAll @LongRange(min = -3_000, max = 3_000) long amount) {
        Map<String, Long> amounts = ApplicationSpread.of(amount, parts);

        long room = parts.stream().mapToLong(part -> room(part, amount)).sum();
        assertThat(amounts.values().stream().mapToLong(Math::abs).sum()).isEqualTo(Math.min(Math.abs(amount), room));
        for (Part part : parts) {
            long given = amounts.getOrDefault(part.name(), 0L);
            assertThat(given * amount).isNotNegative();
            assertThat(Math.abs(given)).isLessThanOrEqualTo(room(part, amount));
        }
    }

    @Property
    void nobody_gets_any_while_one_with_room_needs_it_more(
            @ForAll("parts") List<Part> parts, @ForAll @LongRange(min = -3_000, max = 3_000) long amount) {
        Map<String, Long> amounts = ApplicationSpread.of(amount, parts);
        int sign = amount < 0 ? -1 : 1;
        for (Part gets : parts) {
            if (!amounts.containsKey(gets.name())) {
                continue;
            }
            long afterwards = sign * (Math.round(sign * slack(gets)) * sign + amounts.get(gets.name()));
            for (Part other : parts) {
                long given = amounts.getOrDefault(other.name(), 0L);
                if (Math.abs(given) < room(other, amount)) {
                    long others = sign * (Math.round(sign * slack(other)) * sign + given);
                    assertThat(afterwards).isLessThanOrEqualTo(others + 1);
                }
            }
        }
    }

    private static double slack(Part part) {
        return part.current() - part.usage();
    }

    private static long room(Part part, long amount) {
        return Math.max(0, amount > 0 ? part.max() - part.current() : part.current() - part.min());
    }

    @Provide
    Arbitrary<List<Part>> parts() {
        Arbitrary<Long> shares = Arbitraries.longs().between(0, 1_000);
        return Combinators.combine(shares, shares, shares, Arbitraries.doubles().between(0, 1_000))
                .as((one, other, third, usage) -> new Part(
                        "",
                        Math.max(Math.min(one, other), Math.min(Math.max(one, other), third)),
                        Math.min(one, Math.min(other, third)),
                        Math.max(one, Math.max(other, third)),
                        usage))
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> {
                    var named = new ArrayList<Part>();
                    for (Part part : parts) {
                        named.add(new Part("c" + named.size(), part.current(), part.min(), part.max(), part.usage()));
                    }
                    return named;
                });
    }
}
