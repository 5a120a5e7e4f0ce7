package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.quickstart.report.QuickstartReportTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class QuickstartCommandTest {
    private final AtomicReference<QuickstartOptions> asked = new AtomicReference<>();
    private final StringWriter complaints = new StringWriter();

    @Test
    void withoutOptionsItRunsForAMinuteOnWhateverIsThere() {
        assertThat(run()).isZero();

        assertThat(asked.get().timetable().duration()).isEqualTo(Duration.ofMinutes(1));
        assertThat(asked.get().timetable().window()).isEqualTo(Duration.ofSeconds(1));
        assertThat(asked.get().driver()).isEqualTo(DriverChoice.AUTO);
        assertThat(asked.get().plotOf("cont0").getFileName()).hasToString("quickstart-cont0.svg");
        assertThat(asked.get().port()).isEmpty();
    }

    @Test
    void everyOptionIsPassedOn() {
        assertThat(run(
                        "--duration",
                        "2m",
                        "--window",
                        "500ms",
                        "--driver",
                        "lxc",
                        "--plot",
                        "out/run.svg",
                        "--port",
                        "0"))
                .isZero();

        assertThat(asked.get().timetable().duration()).isEqualTo(Duration.ofMinutes(2));
        assertThat(asked.get().timetable().window()).isEqualTo(Duration.ofMillis(500));
        assertThat(asked.get().driver()).isEqualTo(DriverChoice.LXC);
        assertThat(asked.get().plotOf("cont1")).isEqualTo(Path.of("out/run-cont1.svg"));
        assertThat(asked.get().port()).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--duration=soon  | 'soon' is no duration: a whole number and its unit are needed",
                "--duration=60    | '60' is no duration",
                "--duration=-60s  | '-60s' is no duration",
                "--duration=4s    | a run of 4 s is too short: 5 s are needed",
                "--window=1ms     | a window of 1 ms is outside 100 ms to 10 s",
                "--driver=docker  | 'docker' is none of [auto, cgroup, lxc, simulated]",
                "--plot=/         | --plot / is a directory, a file is needed",
                "--port=70000     | --port 70000 is outside 0 to 65535",
                "--nonsense       | Unknown option: '--nonsense'",
            })
    void wrongUsageIsRefusedInOneSentence(String argument, String sentence) {
        assertThat(run(argument)).isEqualTo(2);

        assertThat(complaints.toString()).contains(sentence);
        assertThat(asked.get()).isNull();
    }

    @Test
    void jsonIsTheOnlyLineOnStandardOutput() {
        PrintStream standardOutput = System.out;
        var written = new ByteArrayOutputStream();
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            assertThat(run("--json")).isZero();
        } finally {
            System.setOut(standardOutput);
        }

        assertThat(written.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(QuickstartReportTest.aReport().toJson().toString());
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(new CommandLine(new QuickstartCommand((options, view, notice, interruption) -> null))
                        .getUsageMessage())
                .contains("--duration", "--window", "--driver", "--plot", "--port", "--json", "--help");
    }

    private int run(String... arguments) {
        var command = new QuickstartCommand((options, view, notice, interruption) -> {
            asked.set(options);
            return QuickstartReportTest.aReport();
        });
        return new CommandLine(command).setErr(new PrintWriter(complaints)).execute(arguments);
    }
}
