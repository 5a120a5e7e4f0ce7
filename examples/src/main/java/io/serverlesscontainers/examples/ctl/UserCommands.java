package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ctl user}: whose applications are reckoned together. */
@Command(name = "user", description = "Users, who have applications.", synopsisSubcommandLabel = "COMMAND")
final class UserCommands {
    private static final String USER = "user";

    private final CtlCommand ctl;

    UserCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    @Command(name = "list", description = "All of them, with a row for each resource.")
    int list() {
        return ctl.run((orchestrator, output, result) -> {
            List<JsonNode> users = new ArrayList<>();
            orchestrator.get(List.of(USER)).forEach(users::add);
            output.table(StructureTables.of(users));
            result.putArray("users").addAll(users);
        });
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode user = orchestrator.get(List.of(USER, name));
            StructureTables.show(user, MissingNode.getInstance(), output);
            result.set(USER, user);
        });
    }

    @Command(
            name = "subscribe",
            description = "Adds a user. The file holds {\"user\": {\"name\": …, \"subtype\": \"user\", "
                    + "\"resources\": {…}}}.")
    int subscribe(@Mixin WrittenBody body) {
        return ctl.run(body.add(ctl.input(), List.of(USER), "/user/name"));
    }

    @Command(name = "desubscribe", description = "Removes users.")
    int desubscribe(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        Changes changes = (orchestrator, name) -> orchestrator.delete(List.of(USER, name));
        return ctl.run(changes.of(names, " is no longer subscribed"));
    }
}
