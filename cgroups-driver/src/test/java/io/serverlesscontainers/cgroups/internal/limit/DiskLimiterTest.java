package io.serverlesscontainers.cgroups.internal.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.controller.DiskController;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** MiB per second in, bytes per second out, and the truth about what is in force. */
class DiskLimiterTest {
    private static final long MIB = 1 << 20;

    @Property
    void a_limit_comes_back_whole(@ForAll @LongRange(min = 1, max = (1L << 43) - 1) long mibPerSecond) {
        var disk = new Disk(KernelText.NO_LIMIT, true);
        OptionalLong wanted = OptionalLong.of(mibPerSecond);
        assertThat(DiskLimiter.apply(disk, wanted)).isEqualTo(LimitOutcome.applied(wanted));
        assertThat(disk.limit).isEqualTo(mibPerSecond * MIB);
        assertThat(DiskLimiter.limitMiB(disk)).isEqualTo(wanted);
    }

    @Test
    void a_limit_is_lifted() {
        var disk = new Disk(MIB, true);
        assertThat(DiskLimiter.apply(disk, OptionalLong.empty())).isEqualTo(LimitOutcome.applied(OptionalLong.empty()));
        assertThat(DiskLimiter.limitMiB(disk)).isEmpty();
    }

    @Test
    void a_limit_that_something_else_keeps_writing_is_told_as_it_is() {
        LimitOutcome outcome = DiskLimiter.apply(new Disk(7 * MIB + 1, false), OptionalLong.of(5));
        assertThat(outcome.status()).isEqualTo(Status.PARTIAL);
        assertThat(outcome.reached()).hasValue(7);
        assertThat(outcome.reason()).contains("something else writes it too");
    }

    private static final class Disk implements DiskController {
        private long limit;
        private final boolean takesLimits;

        Disk(long limit, boolean takesLimits) {
            this.limit = limit;
            this.takesLimits = takesLimits;
        }

        @Override
        public long limit() {
            return limit;
        }

        @Override
        public void write(long wanted) {
            limit = takesLimits ? wanted : limit;
        }

        @Override
        public long used() {
            return 0;
        }

        @Override
        public int openings() {
            return 1;
        }
    }
}
