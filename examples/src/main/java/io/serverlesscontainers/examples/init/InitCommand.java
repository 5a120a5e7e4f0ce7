package io.serverlesscontainers.examples.init;

import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.CommonOptions;
import io.serverlesscontainers.examples.service.StateOptions;
import io.serverlesscontainers.store.StateStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code init}: the first command of a new installation. */
@Command(
        name = "init",
        description = {
            "Writes the documents that an installation starts with into its state: services, rules, limits, structures.",
            "What is there already stays as it is."
        })
public final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec specification;

    @Mixin
    private StateOptions state;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--documents",
            paramLabel = "DIRECTORY",
            description = "Has services.json, rules.yaml and so on, a list of documents each; without it the stock "
                    + "documents are written: two containers and an application on one host.")
    private Path documents;

    @Option(
            names = "--without-structures",
            description = "Writes no containers, hosts, applications and users: they are subscribed later.")
    private boolean withoutStructures;

    @Option(
            names = "--reset",
            description =
                    "Starts over: all documents of the kinds that are written go first, and all events and requests.")
    private boolean reset;

    @Override
    public Integer call() throws Exception {
        StartingDocuments starting;
        try {
            starting = documents == null ? StartingDocuments.stock() : StartingDocuments.in(documents);
        } catch (IllegalArgumentException unusable) {
            throw new ParameterException(specification.commandLine(), unusable.getMessage(), unusable);
        }
        starting = withoutStructures ? starting.withoutStructures() : starting;
        try (StateStore store =
                CouchDbStateStore.builder(state.requireCouchDb()).build()) {
            PrintWriter out = specification.commandLine().getOut();
            out.printf("%-12s%9s%9s%15s%n", "documents", "removed", "written", "there already");
            for (Initializer.Done done : new Initializer(store).write(starting, reset)) {
                out.printf("%-12s%9d%9d%15d%n", done.kind(), done.removed(), done.written(), done.kept());
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }
}
