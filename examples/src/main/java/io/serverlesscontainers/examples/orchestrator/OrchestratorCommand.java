package io.serverlesscontainers.examples.orchestrator;

import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.HostOptions;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.StateStore;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code orchestrator}: one per installation. */
@Command(
        name = "orchestrator",
        description = "Shows the state of an installation over HTTP, and changes it for people and scripts.")
public final class OrchestratorCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 5000;

    @Mixin
    private StateOptions state;

    @Mixin
    private HostOptions hosts;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Listen where = listen.listen(USUAL_PORT);
        int rate = listen.requestsPerSecond();
        try (StateStore store =
                        CouchDbStateStore.builder(state.requireCouchDb()).build();
                var reached = new RemoteHosts(store, hosts.access());
                var server = new OrchestratorServer(store, reached, where, rate)) {
            Service.runUntilEnd("orchestrator listens at " + server.url(), server, store);
        }
        return CommandLine.ExitCode.OK;
    }
}
