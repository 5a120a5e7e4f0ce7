package io.serverlesscontainers.cgroups.internal.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On ordinary files: what is remembered of one, and when it is read again. */
class WorkingSetMeterTest {
    private static final long MIB = 1 << 20;
    private static final int MOST_CALLS_LATE = 7;

    @TempDir
    Path root;

    private CgroupRoot opened;
    private WorkingSetMeter meter;
    private long limit = KernelText.NO_LIMIT;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectory(root.resolve("cont0"));
        opened = new CgroupRoot.Opener(true).open(root.toString());
        CgroupDirectory directory = opened.directory("cont0");
        meter = new WorkingSetMeter(
                directory.file("memory.current"),
                directory.file("memory.stat"),
                KernelText.key("inactive_file"),
                () -> limit);
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void the_first_answer_is_exact() throws IOException {
        set(300 * MIB, 100 * MIB);
        assertThat(meter.bytes()).isEqualTo(200 * MIB);
    }

    @Test
    void the_charge_is_always_todays() throws IOException {
        set(300 * MIB, 100 * MIB);
        meter.bytes();
        set(300 * MIB + 4096, 100 * MIB);
        assertThat(meter.bytes()).isEqualTo(200 * MIB + 4096);
    }

    @Test
    void where_the_charge_moves_every_answer_is_exact() throws IOException {
        var random = new Random(1);
        long charged = 300 * MIB;
        for (int call = 0; call < 200; call++) {
            charged += (random.nextBoolean() ? 1 : -1) * (2 + random.nextInt(20)) * MIB;
            charged = Math.max(charged, 100 * MIB);
            long inactive = random.nextInt(100) * MIB;
            long before = set(charged, inactive);
            if (Math.abs(charged - before) > MIB) {
                assertThat(meter.bytes()).isEqualTo(charged - inactive);
            }
        }
    }

    @Test
    void what_the_charge_does_not_show_is_seen_seven_calls_late_and_then_at_each_call() throws IOException {
        set(300 * MIB, 200 * MIB);
        for (int call = 0; call < 15; call++) {
            assertThat(meter.bytes()).isEqualTo(100 * MIB);
        }
        set(300 * MIB, 150 * MIB);
        int late = 0;
        while (meter.bytes() != 150 * MIB) {
            late++;
            assertThat(late).isLessThanOrEqualTo(MOST_CALLS_LATE);
        }
        for (int inactive = 140; inactive > 0; inactive -= 10) {
            set(300 * MIB, inactive * MIB);
            assertThat(meter.bytes()).isEqualTo((300 - inactive) * MIB);
        }
    }

    @Test
    void while_nothing_moves_the_costly_file_is_read_at_every_eighth_call() throws IOException {
        set(300 * MIB, 200 * MIB);
        for (int call = 0; call < 16; call++) {
            meter.bytes();
        }
        int reads = 0;
        for (int call = 0; call < 80; call++) {
            // Little enough to be taken for no change, and enough to be told.
            long other = 200 * MIB + call + 1;
            set(300 * MIB, other);
            if (meter.bytes() == 300 * MIB - other) {
                reads++;
            }
        }
        assertThat(reads).isEqualTo(10);
    }

    @Test
    void near_the_limit_every_answer_is_exact() throws IOException {
        limit = 320 * MIB;
        set(300 * MIB, 200 * MIB);
        meter.bytes();
        for (int call = 0; call < 20; call++) {
            long inactive = 200 * MIB + call;
            set(300 * MIB, inactive);
            assertThat(meter.bytes()).isEqualTo(300 * MIB - inactive);
        }
    }

    @Test
    void a_limit_that_was_lowered_onto_the_charge_is_noticed_at_once() throws IOException {
        set(300 * MIB, 200 * MIB);
        for (int call = 0; call < 16; call++) {
            meter.bytes();
        }
        limit = 310 * MIB;
        meter.forget();
        for (int call = 0; call < 20; call++) {
            long inactive = 200 * MIB - call;
            set(300 * MIB, inactive);
            assertThat(meter.bytes()).isEqualTo(300 * MIB - inactive);
        }
    }

    @Test
    void at_rest_the_answer_is_exact_at_every_eighth_call() throws IOException {
        set(300 * MIB, 200 * MIB);
        for (int call = 0; call < 16; call++) {
            meter.bytes();
        }
        int exact = 0;
        for (int call = 0; call < 80; call++) {
            long charged = 300 * MIB + call + 1;
            set(charged, 200 * MIB);
            if (meter.bytesAtRest() == charged - 200 * MIB) {
                exact++;
            }
        }
        assertThat(exact).isEqualTo(10);
    }

    @Test
    void after_a_rest_the_charge_is_todays() throws IOException {
        set(300 * MIB, 100 * MIB);
        for (int call = 0; call < 20; call++) {
            meter.bytesAtRest();
        }
        set(300 * MIB + 4096, 100 * MIB);
        assertThat(meter.bytes()).isEqualTo(200 * MIB + 4096);
    }

    @Test
    void the_first_answer_is_exact_at_rest_too() throws IOException {
        set(300 * MIB, 100 * MIB);
        assertThat(meter.bytesAtRest()).isEqualTo(200 * MIB);
    }

    @Test
    void near_the_limit_every_answer_is_exact_at_rest_too() throws IOException {
        limit = 320 * MIB;
        set(300 * MIB, 200 * MIB);
        meter.bytes();
        for (int call = 0; call < 20; call++) {
            set(300 * MIB + call, 200 * MIB);
            assertThat(meter.bytesAtRest()).isEqualTo(100 * MIB + call);
        }
    }

    private long last;

    /** What is charged, and how much of it are inactive file pages; answers what was charged before. */
    private long set(long charged, long inactive) throws IOException {
        Files.writeString(root.resolve("cont0/memory.current"), charged + "\n");
        Files.writeString(root.resolve("cont0/memory.stat"), "anon 5\ninactive_file " + inactive + "\n");
        long before = last;
        last = charged;
        return before;
    }
}
