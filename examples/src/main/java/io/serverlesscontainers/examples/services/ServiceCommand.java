package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.HostOptions;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RestServer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** One service, in a process of its own. */
@Command
public final class ServiceCommand implements Callable<Integer> {
    private final ServiceKind kind;

    @Spec
    private CommandSpec specification;

    @Mixin
    private StateOptions state;

    @Mixin
    private HostOptions hosts;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What this process is called among several Guardians or Scalers of one installation; the "
                    + "name of this host unless told. No two may have the same.")
    private String name;

    private final GuardianOptions guardian = new GuardianOptions();

    private ServiceCommand(ServiceKind kind) {
        this.kind = kind;
    }

    /** The command line of a service. */
    public static CommandLine of(ServiceKind kind) {
        var command = new ServiceCommand(kind);
        CommandLine line = Service.commandLine(command);
        if (kind == ServiceKind.GUARDIAN) {
            line.addMixin("guardian", command.guardian);
        }
        line.getCommandSpec().name(kind.command()).usageMessage().description(kind.description());
        return line;
    }

    @Override
    public Integer call() throws Exception {
        Listen where = listen.listen(kind.usualPort());
        try (var installation = new Installation(state, hosts.access(), member()).deciding(guardian.mode());
                var metrics = new ServiceMetrics(kind.command());
                var running = new RunningService(
                        kind, installation.store(), kind.work(installation), installation.clock(), metrics);
                RestServer server = RestServer.builder(where, metrics)
                        .heartbeat(running::heartbeat)
                        .openApi(ServiceCommand.class, "openapi.json")
                        .requestsPerSecond(listen.requestsPerSecond())
                        .start()) {
            Service.runUntilEnd(kind.command() + " runs, and is reached at " + server.url(), running, server);
        }
        return CommandLine.ExitCode.OK;
    }

    private String member() {
        try {
            return name == null ? InetAddress.getLocalHost().getHostName() : name;
        } catch (UnknownHostException nameless) {
            throw new ParameterException(
                    specification.commandLine(),
                    "--name is missing, and this host cannot resolve its own name",
                    nameless);
        }
    }
}
