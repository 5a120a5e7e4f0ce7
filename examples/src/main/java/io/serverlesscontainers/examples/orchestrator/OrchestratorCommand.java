package io.serverlesscontainers.examples.orchestrator;

import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.ListenOptions;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.store.StateStore;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code orchestrator}: one per installation. */
@Command(
        name = "orchestrator",
        description = "Shows the state of an installation over HTTP, and changes it for people and scripts.")
public final class OrchestratorCommand implements Callable<Integer> {
    private static final int USUAL_PORT = 5000;

    @Spec
    private CommandSpec specification;

    @Mixin
    private StateOptions state;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Listen where = listen.listen(USUAL_PORT);
        int rate = listen.requestsPerSecond();
        URI couchDb = state.couchDb()
                .orElseThrow(() -> new ParameterException(
                        specification.commandLine(), "--couchdb is missing: the state of the installation is needed"));
        try (StateStore store = CouchDbStateStore.builder(couchDb.toString()).build();
                var server = new OrchestratorServer(store, where, rate)) {
            Service.runUntilEnd("orchestrator listens at " + server.url(), server, store);
        }
        return CommandLine.ExitCode.OK;
    }
}
