package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.limit.MemoryLimiter;
import io.serverlesscontainers.cgroups.internal.v1.MemoryV1;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the version 1 kernel itself says to a limit below the memory in use, and what becomes of it. */
@Tag("cgroup-v1")
class MemoryInUseRealTest {
    private static final int MIB_SHIFT = 20;

    private RealCgroups cgroups;
    private CgroupRoot root;
    private String container;
    private MemoryV1 memory;

    @BeforeEach
    void holdMemory() {
        cgroups = RealCgroups.requireV1();
        container = cgroups.create();
        root = new CgroupRoot.Opener(false).open("/sys/fs/cgroup/memory");
        memory = new MemoryV1(root.directory(container));
        memory.lower(400L << MIB_SHIFT, Duration.ZERO);
        cgroups.holdMemory(container, 100);
    }

    @AfterEach
    void letGo() {
        if (cgroups != null) {
            cgroups.close();
        }
        if (root != null) {
            root.close();
        }
    }

    @Test
    void the_kernel_is_busy_and_keeps_the_limit() {
        String file = "/sys/fs/cgroup/memory/" + container + "/memory.limit_in_bytes";
        assertThat(memory.lower(50L << MIB_SHIFT, Duration.ZERO).orElseThrow())
                .startsWith("cannot write '" + (50L << MIB_SHIFT) + "' to " + file + ": EBUSY (16, ");
        assertThat(memory.limit()).isEqualTo(400L << MIB_SHIFT);
    }

    @Test
    void memory_that_was_taken_after_the_look_is_left_and_the_limit_is_as_low_as_the_kernel_takes() {
        LimitOutcome outcome =
                new MemoryLimiter(8, Duration.ZERO).apply(new LookedTooEarly(memory), OptionalLong.of(50));
        assertThat(outcome.status()).isEqualTo(Status.PARTIAL);
        assertThat(outcome.reached().orElseThrow()).isBetween(108L, 130L);
        assertThat(outcome.reason()).contains("EBUSY");
        assertThat(memory.limit() >> MIB_SHIFT).isEqualTo(outcome.reached().orElseThrow());
        assertThat(cgroups.kills(container)).isZero();
    }

    @Test
    void what_is_held_fast_is_what_the_process_holds() {
        assertThat(memory.heldFast()).isBetween(100L << MIB_SHIFT, 120L << MIB_SHIFT);
        // Kernel memory comes on top; what is held is summed up per CPU, a little late.
        assertThat(memory.heldFast()).isLessThan(memory.workingSet() + (8L << MIB_SHIFT));
    }

    @Test
    void what_the_cgroups_below_hold_is_held_by_the_one_above() {
        String child = cgroups.create(container + "/child");
        cgroups.holdMemory(child, 50);
        assertThat(memory.heldFast()).isBetween(150L << MIB_SHIFT, 175L << MIB_SHIFT);
    }

    /** The real memory of a container that held nothing yet when it was looked at. */
    private static final class LookedTooEarly implements MemoryController {
        private final MemoryController memory;

        LookedTooEarly(MemoryController memory) {
            this.memory = memory;
        }

        @Override
        public long limit() {
            return memory.limit();
        }

        @Override
        public void raise(long limit) {
            memory.raise(limit);
        }

        @Override
        public Optional<String> lower(long limit, Duration patience) {
            return memory.lower(limit, patience);
        }

        @Override
        public long charged() {
            return memory.charged();
        }

        @Override
        public long workingSet() {
            return memory.workingSet();
        }

        @Override
        public long workingSetAtRest() {
            return memory.workingSetAtRest();
        }

        @Override
        public long heldFast() {
            return 0;
        }

        @Override
        public long kills() {
            return memory.kills();
        }
    }
}
