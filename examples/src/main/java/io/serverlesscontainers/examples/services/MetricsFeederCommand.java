package io.serverlesscontainers.examples.services;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RestServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code metrics-feeder}: one on every host. */
@Command(
        name = "metrics-feeder",
        description = {
            "Writes what this host's containers use into the time series, which the Guardian reads it from.",
            "One runs on every host whose containers no other monitoring agent looks after."
        })
public final class MetricsFeederCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 8107;

    @Spec
    private CommandLine.Model.CommandSpec specification;

    @Mixin
    private StateOptions state;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How often the containers are measured; every ${DEFAULT-VALUE} seconds unless told.")
    private int intervalSeconds;

    @Option(
            names = "--disk",
            paramLabel = "PATH",
            description = "The disk to measure: its device, or a file or directory on it.")
    private Path disk;

    @Option(names = "--network", description = "Measures the network of containers too.")
    private boolean network;

    @Override
    public Integer call() throws Exception {
        if (intervalSeconds < 1) {
            throw new ParameterException(
                    specification.commandLine(), "--interval is " + intervalSeconds + ", at least 1 second is needed");
        }
        Listen where = listen.listen(USUAL_PORT);
        try (var installation = new Installation(state, HostAccess.plain(), Feeding.NAME);
                var metrics = new ServiceMetrics(Feeding.NAME);
                KernelCgroupDriver driver = driver();
                var feeding =
                        new Feeding(driver, installation.history(), Duration.ofSeconds(intervalSeconds), metrics);
                RestServer server = RestServer.builder(where, metrics)
                        .heartbeat(() -> heartbeat(feeding))
                        .openApi(ServiceCommand.class, "openapi.json")
                        .requestsPerSecond(listen.requestsPerSecond())
                        .start()) {
            Service.runUntilEnd(Feeding.NAME + " runs, and is reached at " + server.url(), feeding, server);
        }
        return CommandLine.ExitCode.OK;
    }

    private KernelCgroupDriver driver() {
        Cgroups.Builder settings = Cgroups.builder().network(network);
        if (disk != null) {
            settings.disk(disk);
        }
        return settings.build();
    }

    private static ObjectNode heartbeat(Feeding feeding) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("service", Feeding.NAME);
        json.put("status", "alive");
        feeding.lastWindow().ifPresent(at -> json.put("last_window", at.getEpochSecond()));
        return json;
    }
}
