package io.serverlesscontainers.core.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class UtilizationMeterTest {
    private final UtilizationMeter meter = new UtilizationMeter();

    @Test
    void accounts_are_integrals_over_time() {
        meter.add("web-1", Resource.CPU, 100, 200, 400, Duration.ofSeconds(10));
        meter.add("web-1", Resource.CPU, 300, 400, 400, Duration.ofMillis(500));

        Utilization account = meter.of("web-1", Resource.CPU);

        assertThat(account).isEqualTo(new Utilization(1_150, 2_200, 4_200, Duration.ofMillis(10_500)));
        assertThat(account.ratio()).isCloseTo(1_150 / 2_200.0, within(1e-12));
        assertThat(account.traditionalRatio()).isCloseTo(1_150 / 4_200.0, within(1e-12));
    }

    @Test
    void nothing_measured_is_nothing_used_and_no_division_by_zero() {
        assertThat(meter.of("web-1", Resource.CPU)).isEqualTo(Utilization.NONE);
        assertThat(meter.of("web-1")).isEmpty();
        assertThat(Utilization.NONE.ratio()).isZero();
        assertThat(Utilization.NONE.traditionalRatio()).isZero();
    }

    @Test
    void structures_and_resources_have_accounts_of_their_own() {
        meter.add("web-1", Resource.CPU, 1, 2, 4, Duration.ofSeconds(1));
        meter.add("web-1", Resource.MEMORY, 10, 20, 40, Duration.ofSeconds(1));
        meter.add("web-2", Resource.CPU, 100, 200, 400, Duration.ofSeconds(1));

        meter.forget("web-2");

        assertThat(meter.of("web-2")).isEmpty();
        assertThat(meter.of("web-1").keySet()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
        assertThat(meter.of("web-1", Resource.MEMORY).used()).isEqualTo(10);
    }

    @Test
    void a_reader_keeps_what_it_was_given() {
        meter.add("web-1", Resource.CPU, 1, 2, 4, Duration.ofSeconds(1));
        Map<Resource, Utilization> read = meter.of("web-1");

        meter.add("web-1", Resource.CPU, 1, 2, 4, Duration.ofSeconds(1));

        assertThat(read.get(Resource.CPU).used()).isEqualTo(1);
    }

    private record Span(long usage, long limit, long max, long millis) {}

    @Provide
    Arbitrary<List<Span>> spans() {
        Arbitrary<Long> amount = Arbitraries.longs().between(0, 400);
        return Combinators.combine(amount, amount, amount, Arbitraries.longs().between(0, 10_000))
                .as(Span::new)
                .list()
                .ofMaxSize(20);
    }

    @Property(tries = 1_000)
    void a_span_is_the_difference_of_two_readings(
            @ForAll("spans") List<Span> earlier, @ForAll("spans") List<Span> later) {
        Utilization before = measured(earlier);
        Utilization after = measured(later);

        Utilization since = before.plus(after).since(before);

        assertThat(since.used()).isCloseTo(after.used(), within(1e-6));
        assertThat(since.allocated()).isCloseTo(after.allocated(), within(1e-6));
        assertThat(since.reserved()).isCloseTo(after.reserved(), within(1e-6));
        assertThat(since.measured()).isEqualTo(after.measured());
        long exact =
                later.stream().mapToLong(span -> span.usage() * span.millis()).sum();
        assertThat(after.used()).isCloseTo(exact / 1_000.0, within(1e-6));
    }

    private static Utilization measured(List<Span> spans) {
        var meter = new UtilizationMeter();
        spans.forEach(span -> meter.add(
                "web-1", Resource.CPU, span.usage(), span.limit(), span.max(), Duration.ofMillis(span.millis())));
        return meter.of("web-1", Resource.CPU);
    }
}
