package io.serverlesscontainers.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.Ran;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What bash makes of what somebody has typed, when Tab is pressed. */
class CompletionTest {
    private static final Path BASH = Path.of("/bin/bash");

    /** What bash itself does: it sets the words, calls the function that is registered, and reads what it leaves. */
    private static final String PRESS_TAB = """
            source "$1"; shift
            function=$(complete -p "$1" | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
            "$function" 2> /dev/null
            echo "${COMPREPLY[@]}"
            """;

    @TempDir
    private Path directory;

    private String completed(String script, String... words) throws Exception {
        RealThings.require(Files.isExecutable(BASH), "bash is needed to complete commands");
        Path source = Files.writeString(directory.resolve("completion"), script);
        Path output = directory.resolve("output");
        var command = new ArrayList<>(List.of(BASH.toString(), "--norc", "-c", PRESS_TAB, "bash", source.toString()));
        command.addAll(List.of(words));
        Process bash = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            bash.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8).strip();
    }

    @Test
    void completes_commands_options_and_what_they_may_be() throws Exception {
        Ran printed = Ran.of("completion", "bash");
        assertThat(printed.exitCode()).isZero();
        String script = printed.out();
        String jar = "serverless-containers";
        assertThat(completed(script, jar, "ct")).isEqualTo("ctl");
        assertThat(completed(script, jar, "ctl", "structure", "")).isEqualTo("guard list set show unguard");
        assertThat(completed(script, jar, "ctl", "structure", "guard", "--res")).isEqualTo("--resource");
        assertThat(completed(script, jar, "ctl", "structure", "guard", "cont0", "--resource", "disk"))
                .isEqualTo("disk_read disk_write");
        assertThat(completed(script, jar, "ctl", "structure", "set", "cont0", "cpu", "bound"))
                .isEqualTo("boundary boundary-type");
        assertThat(completed(script, jar, "ctl", "rule", "policy", "CpuRescaleUp", "fit"))
                .isEqualTo("fit_to_usage");
        assertThat(completed(script, jar, "guardian", "--coucht")).isEmpty();
        assertThat(completed(script, jar, "guardian", "--couch")).isEqualTo("--couchdb");
    }

    @Test
    void completes_ctl_under_a_name_of_its_own() throws Exception {
        String script = Ran.of("ctl", "completion", "zsh", "--name", "sc").out();
        assertThat(completed(script, "sc", "ser")).isEqualTo("service");
        assertThat(completed(script, "sc", "rule", "events-required", "CpuRescaleUp", ""))
                .isEqualTo("up down");
        assertThat(Ran.of("completion", "fish").exitCode()).isEqualTo(2);
    }
}
