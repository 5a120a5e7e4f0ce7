package io.serverlesscontainers.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpIsNoFailure() {
        assertThat(execute("--help")).isZero();

        assertThat(out.toString())
                .contains("Usage: serverless-containers", "0   done", "1   failed", "2   wrong usage");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void withoutACommandTheUsageIsWrong() {
        assertThat(execute()).isEqualTo(2);

        assertThat(err.toString()).startsWith("serverless-containers: A command is missing.");
    }

    @Test
    void anUnknownCommandIsNamed() {
        assertThat(execute("dance")).isEqualTo(2);

        assertThat(err.toString()).contains("dance").contains("'serverless-containers --help' says what is possible.");
    }

    @Test
    void aFailureIsOneSentenceAndNoStackTrace() {
        CommandLine line = Main.commandLine().addSubcommand(new Failing());

        assertThat(execute(line, "failing")).isEqualTo(1);

        assertThat(err.toString()).isEqualToIgnoringNewLines("failing: the disk is full");
    }

    private int execute(String... arguments) {
        return execute(Main.commandLine(), arguments);
    }

    private int execute(CommandLine line, String... arguments) {
        var sentence = new OneSentence();
        return line.setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler(sentence)
                .setExecutionExceptionHandler(sentence)
                .execute(arguments);
    }

    @Command(name = "failing")
    static final class Failing implements Callable<Integer> {
        @Override
        public Integer call() throws Exception {
            throw new IOException("the disk is full");
        }
    }
}
