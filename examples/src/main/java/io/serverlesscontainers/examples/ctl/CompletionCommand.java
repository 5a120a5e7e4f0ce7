package io.serverlesscontainers.examples.ctl;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code completion}: lets a shell complete the commands and options of the command that it belongs to. */
@Command(
        name = "completion",
        description = {
            "Prints a script with which bash and zsh complete commands and options.",
            "bash: eval \"$(COMMAND completion bash)\", zsh: eval \"$(COMMAND completion zsh)\"."
        })
public final class CompletionCommand implements Callable<Integer> {
    /** Shells that complete. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    private CommandSpec specification;

    @Parameters(
            arity = "0..1",
            paramLabel = "SHELL",
            description = "${COMPLETION-CANDIDATES}; the script is the same for both.")
    private Shell shell;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the command is called in the shell; its own name unless told.")
    private String name;

    @Override
    public Integer call() {
        CommandLine completed = specification.parent().commandLine();
        String called = name == null ? completed.getCommandName() : name;
        CommandLine line = specification.commandLine();
        line.getOut().print(AutoComplete.bash(called, completed));
        line.getOut().flush();
        return CommandLine.ExitCode.OK;
    }
}
