package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.Service;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ctl}: what an operator does by hand. Whatever is asked, the Orchestrator's answer is what is told. */
@Command(
        name = "ctl",
        description = {
            "Shows the state of an installation and changes it, through its Orchestrator.",
            "Names of things come first, what to do with them next: 'ctl structure guard cont0'."
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
        footerHeading = "%n",
        footer = "--orchestrator can be given as SERVERLESS_CONTAINERS_ORCHESTRATOR too, --token-file as "
                + "SERVERLESS_CONTAINERS_TOKEN_FILE, or both as lines of the file that --config names.")
public final class CtlCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final InputStream input;

    @Spec
    private CommandSpec specification;

    @Mixin
    private Connection connection;

    CtlCommand(Map<String, String> environment, InputStream input) {
        this.environment = environment;
        this.input = input;
    }

    /** The command with all that belongs to it. */
    public static CommandLine commandLine() {
        var ctl = new CtlCommand(System.getenv(), System.in);
        return ctl.with(Service.commandLine(ctl));
    }

    /** Adds the commands, whose own options come from the command line alone: their names mean other things elsewhere. */
    CommandLine with(CommandLine line) {
        IDefaultValueProvider settings = line.getDefaultValueProvider();
        line.addSubcommand(new StructureCommands(this))
                .addSubcommand(new ContainerCommands(this))
                .addSubcommand(new HostCommands(this))
                .addSubcommand(new ApplicationCommands(this))
                .addSubcommand(new UserCommands(this))
                .addSubcommand(new ServiceCommands(this))
                .addSubcommand(new RuleCommands(this))
                .addSubcommand(new CompletionCommand());
        line.setDefaultValueProvider(argument -> argument.inherited() || argument.command() == line.getCommandSpec()
                ? settings.defaultValue(argument)
                : null);
        return line;
    }

    /** What a command does with an Orchestrator. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @param result for {@code --json}; what is in it when the work fails is told as well
         * @throws CtlException if it came to nothing
         */
        void run(Orchestrator orchestrator, Output output, ObjectNode result);
    }

    int run(Work work) {
        CommandLine line = specification.commandLine();
        var output = new Output(line.getOut(), line.getErr(), connection.wantsJson());
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        try (Orchestrator orchestrator = connection.open(environment)) {
            work.run(orchestrator, output, result);
        } catch (CtlException failed) {
            output.end(result.put("error", failed.getMessage()));
            throw failed;
        }
        output.end(result);
        return CommandLine.ExitCode.OK;
    }

    InputStream input() {
        return input;
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new ParameterException(specification.commandLine(), "A command is missing.");
    }
}
