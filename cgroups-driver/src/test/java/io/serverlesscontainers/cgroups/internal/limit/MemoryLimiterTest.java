package io.serverlesscontainers.cgroups.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Whatever is held and wanted, a lower limit leaves what is held and the margin. */
class MemoryLimiterTest {
    private static final long MIB = 1 << 20;

    @Property(tries = 10_000)
    void a_lower_limit_leaves_what_is_held_and_the_margin(
            @ForAll @LongRange(min = 0, max = 2000) long beforeMiB,
            @ForAll @LongRange(min = 1, max = 2000) long wantedMiB,
            @ForAll @LongRange(min = 0, max = 1500 * MIB) long held,
            @ForAll @LongRange(min = 0, max = 100) long marginMiB) {
        // 0 stands for no limit at all.
        long before = beforeMiB == 0 ? KernelText.NO_LIMIT : beforeMiB * MIB;
        var memory = new Memory(before, held);
        LimitOutcome outcome = new MemoryLimiter(marginMiB).apply(memory, OptionalLong.of(wantedMiB));

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

    /** Takes any limit, as version 2 of the kernel does. */
    private static final class Memory implements MemoryController {
        private long limit;
        private final long held;
        private boolean looked;

        Memory(long limit, long held) {
            this.limit = limit;
            this.held = held;
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public void write(long written) {
            limit = written;
        }

        @Override
        public long workingSet() {
            return held;
        }

        @Override
        public long heldFast() {
            looked = true;
            return held;
        }
    }
}
