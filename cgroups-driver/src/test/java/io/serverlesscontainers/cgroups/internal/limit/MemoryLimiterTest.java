package io.serverlesscontainers.cgroups.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Whatever is held and wanted, a lower limit leaves what is held and the margin. */
class MemoryLimiterTest {
    private static final long MIB = 1 << 20;
    private static final Duration PATIENCE = Duration.ofMillis(7);

    @Property(tries = 10_000)
    void a_lower_limit_leaves_what_is_held_and_the_margin(
            @ForAll @LongRange(min = 0, max = 2000) long beforeMiB,
            @ForAll @LongRange(min = 1, max = 2000) long wantedMiB,
            @ForAll @LongRange(min = 0, max = 1500 * MIB) long held,
            @ForAll @LongRange(min = 0, max = 500 * MIB) long cache,
            @ForAll boolean stubborn,
            @ForAll @LongRange(min = 0, max = 100) long marginMiB) {
        // 0 stands for no limit at all.
        long before = beforeMiB == 0 ? KernelText.NO_LIMIT : beforeMiB * MIB;
        var memory = new Memory(before, held, cache, stubborn);
        LimitOutcome outcome = limiter(marginMiB).apply(memory, OptionalLong.of(wantedMiB));

        long endless = 1L << 40;
        long was = beforeMiB == 0 ? endless : before;
        long is = memory.limit == KernelText.NO_LIMIT ? endless : memory.limit;
        if (is < was) {
            assertThat(is).isGreaterThanOrEqualTo(held + marginMiB * MIB).isGreaterThanOrEqualTo(wantedMiB * MIB);
        }
        assertThat(is % MIB).isZero();
        Status expected = is == wantedMiB * MIB ? Status.APPLIED : is == was ? Status.REFUSED : Status.PARTIAL;
        assertThat(outcome.status()).isEqualTo(expected);
        assertThat(outcome.reached()).isEqualTo(is == endless ? OptionalLong.empty() : OptionalLong.of(is / MIB));
        assertThat(outcome.reason().isEmpty()).isEqualTo(expected == Status.APPLIED);
        // A higher limit is never worth a look.
        assertThat(memory.looked).isEqualTo(wantedMiB * MIB < was);
    }

    @Test
    void what_the_kernel_does_not_take_back_keeps_the_limit_up_and_the_margin_is_kept_above_it() {
        var memory = new Memory(500 * MIB, 100 * MIB, 200 * MIB, true);
        LimitOutcome outcome = limiter(10).apply(memory, OptionalLong.of(50));
        assertThat(outcome).isEqualTo(new LimitOutcome(Status.PARTIAL, OptionalLong.of(310), "300 MiB do not fit"));
        assertThat(memory.patiences).containsExactly(PATIENCE, Duration.ZERO);
    }

    @Test
    void a_container_that_grew_into_half_of_the_margin_meanwhile_is_given_all_of_it_again() {
        var memory = new Memory(500 * MIB, 100 * MIB, 0, false);
        memory.afterLowering = () -> memory.held += 6 * MIB;
        LimitOutcome outcome = limiter(10).apply(memory, OptionalLong.of(50));
        assertThat(outcome.status()).isEqualTo(Status.PARTIAL);
        assertThat(outcome.reached()).hasValue(116);
        assertThat(outcome.reason()).startsWith("the container holds 106 MiB that it cannot give back");
    }

    @Test
    void it_is_never_given_more_than_it_had() {
        var memory = new Memory(112 * MIB, 100 * MIB, 0, false);
        memory.afterLowering = () -> memory.held += 6 * MIB;
        LimitOutcome outcome = limiter(10).apply(memory, OptionalLong.of(50));
        assertThat(outcome.status()).isEqualTo(Status.REFUSED);
        assertThat(outcome.reached()).hasValue(112);
    }

    @Test
    void a_limit_that_cost_a_process_its_life_goes_back_to_where_it_was() {
        var memory = new Memory(500 * MIB, 100 * MIB, 0, false);
        memory.afterLowering = () -> memory.kills++;
        LimitOutcome outcome = limiter(10).apply(memory, OptionalLong.of(200));
        assertThat(outcome.status()).isEqualTo(Status.REFUSED);
        assertThat(outcome.reached()).hasValue(500);
        assertThat(outcome.reason()).contains("killed a process of the container");
    }

    @Test
    void a_limit_that_somebody_lifts_meanwhile_stays_lifted() {
        var memory = new Memory(500 * MIB, 100 * MIB, 0, false);
        memory.afterLowering = () -> memory.limit = KernelText.NO_LIMIT;
        LimitOutcome outcome = limiter(10).apply(memory, OptionalLong.of(200));
        assertThat(outcome.reached()).isEmpty();
        assertThat(outcome.reason()).contains("something else writes it too");
    }

    private static MemoryLimiter limiter(long marginMiB) {
        return new MemoryLimiter(marginMiB, PATIENCE);
    }

    /** Takes the cache back, unless it is stubborn, and refuses limits that all that is charged does not fit into. */
    private static final class Memory implements MemoryController {
        private final boolean stubborn;
        private final List<Duration> patiences = new ArrayList<>();
        private long limit;
        private long held;
        private long cache;
        private long kills;
        private boolean looked;
        private Runnable afterLowering = () -> {};

        Memory(long limit, long held, long cache, boolean stubborn) {
            this.limit = limit;
            this.held = held;
            this.cache = cache;
            this.stubborn = stubborn;
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public void raise(long higher) {
            limit = higher;
        }

        @Override
        public Optional<String> lower(long lower, Duration patience) {
            patiences.add(patience);
            cache = stubborn ? cache : Math.max(0, Math.min(cache, lower - held));
            if (charged() > lower) {
                return Optional.of(charged() / MIB + " MiB do not fit");
            }
            limit = lower;
            afterLowering.run();
            return Optional.empty();
        }

        @Override
        public long charged() {
            return held + cache;
        }

        @Override
        public long workingSet() {
            return held;
        }

        @Override
        public long workingSetAtRest() {
            return workingSet();
        }

        @Override
        public long heldFast() {
            looked = true;
            return held;
        }

        @Override
        public long kills() {
            return kills;
        }
    }
}
