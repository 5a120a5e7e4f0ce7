package io.serverlesscontainers.examples;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Tells a person what went wrong: one sentence on standard error, and where to find help if the usage was wrong. Stack
 * traces go to the debug log.
 */
final class OneSentence implements IExecutionExceptionHandler, IParameterExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OneSentence.class);

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult arguments) {
        LOG.debug("{} failed", command.getCommandName(), failure);
        say(command, failure.getMessage() == null ? failure.toString() : failure.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        say(command, wrong.getMessage());
        command.getErr().println("'" + command.getCommandSpec().qualifiedName() + " --help' says what is possible.");
        return CommandLine.ExitCode.USAGE;
    }

    private static void say(CommandLine command, String sentence) {
        command.getErr().println(command.getCommandName() + ": " + sentence);
    }
}
