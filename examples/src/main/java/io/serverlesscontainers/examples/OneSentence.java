package io.serverlesscontainers.examples;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells a person why a command failed: one sentence on standard error; the stack trace goes to the debug log. */
final class OneSentence implements IExecutionExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OneSentence.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        LOG.debug("{} failed", command.getCommandName(), failure);
        String sentence = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        command.getErr().println(command.getCommandName() + ": " + sentence);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
