package io.serverlesscontainers.cgroups.internal.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProgramTest {
    @Test
    void what_is_printed_comes_back_whole_however_long_it_is() {
        byte[] printed = Program.run(List.of("/bin/sh", "-c", "head -c 3000000 /dev/zero; echo error >&2"));
        assertThat(printed).hasSize(3_000_000).containsOnly(0);
    }

    @Test
    void arguments_are_no_shell_words_and_the_environment_is_empty() {
        assertThat(Program.run(List.of("/bin/echo", "$(id); *"))).asString().isEqualTo("$(id); *\n");
        assertThat(Program.run(List.of("/usr/bin/env"))).asString().isEqualTo("LC_ALL=C\n");
    }

    @Test
    void a_failure_is_one_sentence_with_the_command_its_status_and_what_it_said() {
        assertThatThrownBy(() -> Program.run(List.of("/bin/sh", "-c", "echo out; echo 'no\n\tsuch thing' >&2; exit 3")))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith("'/bin/sh -c ")
                .hasMessageEndingWith("' ended with status 3: no such thing");
        assertThatThrownBy(() -> Program.run(List.of("/nowhere/tc", "qdisc")))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith("cannot run '/nowhere/tc qdisc': ");
    }

    @Test
    void one_that_does_not_end_is_ended() {
        String recognisable = "4242." + ProcessHandle.current().pid();
        assertThatThrownBy(() -> Program.run(List.of("/bin/sleep", recognisable), Duration.ofMillis(100)))
                .isInstanceOf(CgroupException.class)
                .hasMessage("'/bin/sleep " + recognisable + "' did not end within 100 ms");
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcessHandle.current()
                        .descendants()
                        .noneMatch(
                                child -> child.info().commandLine().orElse("").contains(recognisable)));
    }

    @Test
    void one_that_prints_without_end_is_ended() {
        assertThatThrownBy(() -> Program.run(List.of("/bin/cat", "/dev/zero")))
                .isInstanceOf(CgroupException.class)
                .hasMessageEndingWith("printed more than 16777216 bytes");
    }

    @Test
    void an_interrupt_ends_it_and_is_not_lost() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Program.run(List.of("/bin/sleep", "60"))).isInstanceOf(CgroupException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
