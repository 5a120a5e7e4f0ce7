package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.controller.MemoryController;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.limit.MemoryLimiter;
import io.serverlesscontainers.cgroups.internal.v1.MemoryV1;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
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
        memory.write(400L << MIB_SHIFT);
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
        assertThatThrownBy(() -> memory.write(50L << MIB_SHIFT))
                .isInstanceOfSatisfying(
                        KernelRefusal.class,
                        refusal -> assertThat(refusal.errno()).isEqualTo(Errno.EBUSY))
                .hasMessageContaining("cannot write '" + (50L << MIB_SHIFT) + "' to /sys/fs/cgroup/memory/" + container
                        + "/memory.limit_in_bytes: EBUSY (16, ");
        assertThat(memory.limit()).isEqualTo(400L << MIB_SHIFT);
    }

    @Test
    void memory_that_was_taken_after_the_look_is_a_refusal_and_no_error() {
        LimitOutcome outcome = new MemoryLimiter(0).apply(new LookedTooEarly(memory), OptionalLong.of(50));
        assertThat(outcome.status()).isEqualTo(Status.REFUSED);
        assertThat(outcome.reached()).hasValue(400);
        assertThat(outcome.reason()).contains("EBUSY");
    }

    @Test
    void what_is_held_fast_is_what_the_process_holds() {
        assertThat(memory.heldFast()).isBetween(100L << MIB_SHIFT, 120L << MIB_SHIFT);
        // Kernel memory comes on top; what is held is summed up per CPU, a little late.
        assertThat(memory.heldFast()).isLessThan(memory.workingSet() + (8L << MIB_SHIFT));
    }

    /** The real memory of a container that held nothing yet when it was looked at. */
    private record LookedTooEarly(MemoryController memory) implements MemoryController {
        @Override
        public long limit() {
            return memory.limit();
        }

        @Override
        public void write(long limit) {
            memory.write(limit);
        }

        @Override
        public long workingSet() {
            return memory.workingSet();
        }

        @Override
        public long heldFast() {
            return 0;
        }
    }
}
