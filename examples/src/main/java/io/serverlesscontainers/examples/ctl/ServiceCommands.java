package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.table.Table;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl service}: how the services are configured, which they read again in every window. */
@Command(
        name = "service",
        description = "The services of the installation: whether they are active, and how they are configured.",
        synopsisSubcommandLabel = "COMMAND")
final class ServiceCommands {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String SERVICE = "service";

    private final CtlCommand ctl;

    ServiceCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    @Command(name = "list", description = "All of them, and when each was last heard of.")
    int list() {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode services = orchestrator.get(List.of(SERVICE));
            var table = new Table("name", "ACTIVE", "heartbeat");
            for (JsonNode service : services) {
                String heartbeat = Documents.text(service.path("heartbeat_human"));
                table.add(
                        Documents.text(service.path("name")),
                        Documents.text(service.at("/config/ACTIVE")),
                        heartbeat.equals(Table.NOTHING) ? Documents.text(service.path("heartbeat")) : heartbeat);
            }
            output.table(table);
            result.set("services", services);
        });
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode service = orchestrator.get(List.of(SERVICE, name));
            output.table(new Documents()
                    .fields(service, "type", "config")
                    .fields(service.path("config"))
                    .table());
            result.set(SERVICE, service);
        });
    }

    @Command(name = "activate", description = "Lets services work.")
    int activate(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        return activate(names, true);
    }

    @Command(name = "deactivate", description = "Lets services pause; their processes run on.")
    int deactivate(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        return activate(names, false);
    }

    private int activate(List<String> names, boolean active) {
        Changes changes = (orchestrator, name) ->
                orchestrator.put(JsonNodeFactory.instance.objectNode().put("value", active), key(name, "ACTIVE"));
        return ctl.run(changes.of(names, active ? " is active" : " is not active"));
    }

    @Command(name = "set", description = "Configures a service: 'ctl service set guardian WINDOW_TIMELAPSE 5'.")
    int set(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "KEY") String key,
            @Parameters(paramLabel = "VALUE", description = "A single value, or a list: '[\"cpu\",\"mem\"]'.")
                    String value) {
        Changes changes = (orchestrator, service) -> orchestrator.put(body(value), key(service, key));
        return ctl.run(changes.of(List.of(name), ": " + key + " is " + value));
    }

    private static List<String> key(String service, String key) {
        return List.of(SERVICE, service, key);
    }

    /** The Orchestrator knows numbers and truth values in a text, but no lists. */
    private static ObjectNode body(String value) {
        if (value.startsWith("[")) {
            try {
                return JsonNodeFactory.instance.objectNode().set("value", MAPPER.readTree(value));
            } catch (IOException noList) {
                // Then it is a text, and the Orchestrator says what is needed.
            }
        }
        return StructureCommands.value(value);
    }
}
