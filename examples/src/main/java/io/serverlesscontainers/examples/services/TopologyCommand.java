package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.init.Initializer;
import io.serverlesscontainers.examples.init.StartingDocuments;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code topology}: all services in one process, for one host. */
@Command(
        name = "topology",
        description = {
            "Runs all services in one process, for the containers of this host.",
            "Without --couchdb the state is in memory, without --opentsdb usage comes from the cgroups and no history is "
                    + "written."
        })
public final class TopologyCommand implements Callable<Integer> {
    private static final int ORCHESTRATOR_PORT = 5000;
    private static final Duration FEEDING = Duration.ofSeconds(5);

    @Mixin
    private StateOptions state;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--scaler-port",
            paramLabel = "PORT",
            defaultValue = "8000",
            description = "Where the Container Scaler is reached; ${DEFAULT-VALUE} unless told.")
    private int scalerPort;

    @Option(
            names = "--disk",
            paramLabel = "PATH",
            description = "The disk to limit and to measure: its device, or a file or directory on it.")
    private Path disk;

    @Option(names = "--network", description = "Limits and measures the network of containers too, with tc.")
    private boolean network;

    @Override
    public Integer call() throws Exception {
        Listen orchestratorAt = listen.listen(ORCHESTRATOR_PORT);
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try (KernelCgroupDriver driver = driver();
                var installation = new Installation(state, HostAccess.plain(), "topology").onThisHost(driver)) {
            try {
                start(installation, driver, parts);
                var scaler = new ContainerScalerServer(
                        driver, Path.of("/"), orchestratorAt.withPort(scalerPort), listen.requestsPerSecond());
                parts.push(scaler);
                var orchestrator = new OrchestratorServer(
                        installation.store(), installation.hosts(), orchestratorAt, listen.requestsPerSecond());
                parts.push(orchestrator);
                Service.runUntilEnd(
                        "topology runs: its orchestrator is reached at " + orchestrator.url()
                                + ", its container-scaler at " + scaler.url(),
                        parts.toArray(AutoCloseable[]::new));
                parts.clear();
            } finally {
                for (AutoCloseable part : parts) {
                    part.close();
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void start(Installation installation, KernelCgroupDriver driver, Deque<AutoCloseable> parts)
            throws Exception {
        if (state.couchDb().isEmpty()) {
            new Initializer(installation.store())
                    .write(StartingDocuments.stock().withoutStructures(), false);
        }
        if (state.openTsdb().isPresent()) {
            var metrics = new ServiceMetrics(Feeding.NAME);
            parts.push(metrics);
            parts.push(new Feeding(driver, installation.history(), FEEDING, metrics));
        }
        for (ServiceKind kind : ServiceKind.values()) {
            if (!kind.writesHistory() || state.openTsdb().isPresent()) {
                var metrics = new ServiceMetrics(kind.command());
                parts.push(metrics);
                parts.push(new RunningService(
                        kind, installation.store(), kind.work(installation), installation.clock(), metrics));
            }
        }
    }

    private KernelCgroupDriver driver() {
        Cgroups.Builder settings = Cgroups.builder().network(network);
        if (disk != null) {
            settings.disk(disk);
        }
        return settings.build();
    }
}
