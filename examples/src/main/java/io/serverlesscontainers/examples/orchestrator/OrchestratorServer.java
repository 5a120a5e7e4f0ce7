package io.serverlesscontainers.examples.orchestrator;

import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RestServer;
import io.serverlesscontainers.examples.service.http.RestService;
import io.serverlesscontainers.store.StateStore;

/** An Orchestrator that runs: HTTP in front of a store, which stays open when it is closed. */
public final class OrchestratorServer extends RestService {
    /**
     * Serves from now on.
     *
     * @param store the state of the installation
     * @param hosts the Container Scalers of its hosts
     * @param listen where, and for whom
     * @param requestsPerSecond how often each address may ask
     * @throws java.io.UncheckedIOException if the address cannot be listened at
     */
    public OrchestratorServer(StateStore store, HostDrivers hosts, Listen listen, int requestsPerSecond) {
        super("orchestrator", metrics -> settings(store, hosts, listen, metrics).requestsPerSecond(requestsPerSecond));
    }

    static RestServer.Builder settings(StateStore store, HostDrivers hosts, Listen listen, ServiceMetrics metrics) {
        var documents = new Documents(store);
        return RestServer.builder(listen, metrics)
                .errorField("message")
                .routes(new HostRoutes(documents, hosts).routes())
                .routes(new ContainerRoutes(documents, store, hosts).routes())
                .routes(new ApplicationRoutes(documents).routes())
                .routes(new StructureRoutes(documents).routes())
                .routes(new RuleRoutes(documents).routes())
                .routes(new ServiceRoutes(documents).routes())
                .openApi(OrchestratorServer.class, "openapi.json");
    }
}
