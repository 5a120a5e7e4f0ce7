package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ctl application}: containers that are scaled as one. */
@Command(
        name = "application",
        aliases = "app",
        description = "Applications, which are containers that belong together.",
        synopsisSubcommandLabel = "COMMAND")
final class ApplicationCommands {
    private static final String STRUCTURE = "structure";

    private final CtlCommand ctl;

    ApplicationCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    @Command(name = "list", description = "All of them, with a row for each resource.")
    int list() {
        return StructureCommands.list(ctl, "application");
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return StructureCommands.show(ctl, name);
    }

    @Command(
            name = "subscribe",
            description = "Adds an application. The file holds {\"app\": {\"name\": …, \"subtype\": \"application\", "
                    + "\"resources\": {…}}, \"limits\": {\"resources\": {…}}}.")
    int subscribe(@Mixin WrittenBody body) {
        return ctl.run(body.add(ctl.input(), List.of(STRUCTURE, "apps"), "/app/name"));
    }

    @Command(name = "desubscribe", description = "Removes applications; their containers stay.")
    int desubscribe(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        Changes changes = (orchestrator, name) -> orchestrator.delete(List.of(STRUCTURE, "apps", name));
        return ctl.run(changes.of(names, " is no longer subscribed"));
    }

    @Command(name = "subscribe-container", description = "Puts containers into an application.")
    int subscribeContainer(
            @Parameters(paramLabel = "APPLICATION") String application,
            @Parameters(arity = "1..*", paramLabel = "CONTAINER") List<String> containers) {
        Changes changes = (orchestrator, container) ->
                orchestrator.put(MissingNode.getInstance(), member(container, application));
        return ctl.run(changes.of(containers, " is in " + application));
    }

    @Command(name = "desubscribe-container", description = "Takes containers out of an application.")
    int desubscribeContainer(
            @Parameters(paramLabel = "APPLICATION") String application,
            @Parameters(arity = "1..*", paramLabel = "CONTAINER") List<String> containers) {
        Changes changes = (orchestrator, container) -> orchestrator.delete(member(container, application));
        return ctl.run(changes.of(containers, " is no longer in " + application));
    }

    private static List<String> member(String container, String application) {
        return List.of(STRUCTURE, "container", container, application);
    }
}
