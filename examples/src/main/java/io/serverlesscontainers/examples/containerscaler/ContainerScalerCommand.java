package io.serverlesscontainers.examples.containerscaler;

import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.http.Listen;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code container-scaler}: one on every host. */
@Command(
        name = "container-scaler",
        description = {
            "Reads and moves the limits of this host's containers for whoever asks over HTTP.",
            "One runs on every host, as root or with the right to write the containers' cgroups."
        })
public final class ContainerScalerCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 8000;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--disk",
            paramLabel = "PATH",
            description =
                    "The disk to limit: its device, or a file or directory on it. Without it disks are left alone.")
    private Path disk;

    @Option(names = "--network", description = "Limits the network of containers too, with tc.")
    private boolean network;

    @Option(
            names = "--energy-limits",
            paramLabel = "DIRECTORY",
            description = "Keeps the energy limit of each container in a file here, for those who act on it.")
    private Path energyLimits;

    @Override
    public Integer call() throws Exception {
        Listen where = listen.listen(USUAL_PORT);
        int rate = listen.requestsPerSecond();
        try (KernelCgroupDriver driver = driver();
                var server = new ContainerScalerServer(driver, Path.of("/"), where, rate)) {
            Service.runUntilEnd(
                    "container-scaler listens at " + server.url() + " and limits " + driver.resources(),
                    server,
                    driver);
        }
        return CommandLine.ExitCode.OK;
    }

    private KernelCgroupDriver driver() {
        Cgroups.Builder settings = Cgroups.builder().network(network);
        if (disk != null) {
            settings.disk(disk);
        }
        if (energyLimits != null) {
            settings.energyLimits(energyLimits);
        }
        return settings.build();
    }
}
