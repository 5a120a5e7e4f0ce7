package io.serverlesscontainers.examples;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * A command that has run in this process, as {@code main} runs it.
 *
 * @param exitCode 0 done, 1 failed, 2 wrong usage
 * @param out what went to standard output
 * @param err what went to standard error
 */
public record Ran(int exitCode, String out, String err) {
    /** Runs one. */
    public static Ran of(String... arguments) {
        return of(Main.commandLine(), arguments);
    }

    /** Runs one that may have been made in another way. */
    public static Ran of(CommandLine line, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var sentence = new OneSentence();
        int exitCode = line.setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler(sentence)
                .setExecutionExceptionHandler(sentence)
                .execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
