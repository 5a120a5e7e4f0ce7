package io.serverlesscontainers.examples;

import io.serverlesscontainers.examples.containerscaler.ContainerScalerCommand;
import io.serverlesscontainers.examples.ctl.CompletionCommand;
import io.serverlesscontainers.examples.ctl.CtlCommand;
import io.serverlesscontainers.examples.init.InitCommand;
import io.serverlesscontainers.examples.orchestrator.OrchestratorCommand;
import io.serverlesscontainers.examples.quickstart.Quickstart;
import io.serverlesscontainers.examples.quickstart.QuickstartCommand;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.services.MetricsFeederCommand;
import io.serverlesscontainers.examples.services.ServiceCommand;
import io.serverlesscontainers.examples.services.ServiceKind;
import io.serverlesscontainers.examples.services.TopologyCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry point of the runnable jar. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
        name = "serverless-containers",
        description = "Keeps the resource limits of running containers just above what they use.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"})
public final class Main implements Runnable {
    @Spec
    private CommandSpec specification;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** All commands. */
    static CommandLine commandLine() {
        var sentence = new OneSentence();
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new QuickstartCommand(new Quickstart()))
                .addSubcommand(Service.commandLine(new ContainerScalerCommand()))
                .addSubcommand(Service.commandLine(new OrchestratorCommand()))
                .addSubcommand(Service.commandLine(new InitCommand()))
                .addSubcommand(Service.commandLine(new MetricsFeederCommand()))
                .addSubcommand(Service.commandLine(new TopologyCommand()))
                .addSubcommand(CtlCommand.commandLine())
                .addSubcommand(new CompletionCommand());
        for (ServiceKind kind : ServiceKind.values()) {
            line.addSubcommand(ServiceCommand.of(kind));
        }
        return line.setParameterExceptionHandler(sentence).setExecutionExceptionHandler(sentence);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(specification.commandLine(), "A command is missing.");
    }
}
