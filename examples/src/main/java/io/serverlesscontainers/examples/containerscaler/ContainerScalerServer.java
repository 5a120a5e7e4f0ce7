package io.serverlesscontainers.examples.containerscaler;

import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RestServer;
import io.serverlesscontainers.examples.service.http.RestService;
import java.nio.file.Path;

/** A Container Scaler that runs: HTTP in front of a driver, which stays open when it is closed. */
public final class ContainerScalerServer extends RestService {
    /**
     * Serves from now on.
     *
     * @param driver whose limits
     * @param fileSystem what the machine's files are beneath, {@code /} unless they are mounted elsewhere
     * @param listen where, and for whom
     * @param requestsPerSecond how often each address may ask
     * @throws java.io.UncheckedIOException if the address cannot be listened at
     */
    public ContainerScalerServer(KernelCgroupDriver driver, Path fileSystem, Listen listen, int requestsPerSecond) {
        super(
                "container-scaler",
                metrics -> settings(driver, fileSystem, listen, metrics).requestsPerSecond(requestsPerSecond));
    }

    static RestServer.Builder settings(
            KernelCgroupDriver driver, Path fileSystem, Listen listen, ServiceMetrics metrics) {
        return RestServer.builder(listen, metrics)
                .routes(new ContainerScalerApi(driver, new CpuTopology(fileSystem)).routes())
                .openApi(ContainerScalerServer.class, "openapi.json");
    }
}
