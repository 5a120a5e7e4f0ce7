package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ctl container}: what is scaled. */
@Command(
        name = "container",
        description = "Containers; 'ctl structure' guards and bounds them.",
        synopsisSubcommandLabel = "COMMAND")
final class ContainerCommands {
    private static final List<String> PATH = List.of("structure", "container");
    private static final String SUBTYPE = "container";

    private final CtlCommand ctl;

    @Spec
    private CommandSpec specification;

    ContainerCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    @Command(name = "list", description = "All of them, with a row for each resource.")
    int list() {
        return StructureCommands.list(ctl, SUBTYPE);
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return StructureCommands.show(ctl, name);
    }

    @Command(
            name = "subscribe",
            description = {
                "Adds a container that its host's Container Scaler knows; its limits are written then.",
                "Resources other than CPU and memory are said in a file: {\"container\": {\"name\": …, "
                        + "\"subtype\": \"container\", \"host\": …, \"resources\": {…}}, "
                        + "\"limits\": {\"resources\": {…}}}."
            })
    int subscribe(
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "Unless --file says it.") String name,
            @Option(names = "--host", paramLabel = "NAME", description = "The host that it runs on.") String host,
            @Option(
                            names = "--container-scaler",
                            paramLabel = "ADDRESS:PORT",
                            description = "Where the host's Container Scaler is; where the host says unless told.")
                    String scaler,
            @Option(names = "--guard", description = "Guards it at once.") boolean guard,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description = "All of it in JSON or YAML, as the Orchestrator takes it; '-' is standard "
                                    + "input.")
                    String file,
            @Mixin ResourceOptions has) {
        if (file != null) {
            if (name != null || host != null || scaler != null || guard || has.areGiven()) {
                throw wrong("--file says everything, nothing else can be said then");
            }
            return ctl.run(WrittenBody.add(file, ctl.input(), PATH, "/container/name"));
        }
        if (name == null || host == null) {
            throw wrong("a NAME and its --host are missing, or a --file");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ObjectNode container = body.putObject(SUBTYPE)
                .put("name", name)
                .put("subtype", SUBTYPE)
                .put("host", host)
                .put("guard", guard);
        has.write(container.putObject("resources"), body.putObject("limits").putObject("resources"));
        return ctl.run((orchestrator, output, result) -> {
            (scaler == null ? scalerOf(host, orchestrator) : ScalerAddress.parse(scaler)).write(container);
            WrittenBody.add(PATH, body).of(List.of(name), " is subscribed").run(orchestrator, output, result);
        });
    }

    private static ScalerAddress scalerOf(String host, Orchestrator orchestrator) {
        JsonNode found = orchestrator.get(List.of("structure", host));
        return new ScalerAddress(
                found.path("host_rescaler_ip").asText(host),
                found.path("host_rescaler_port").asText(ScalerAddress.USUAL_PORT));
    }

    private ParameterException wrong(String sentence) {
        CommandSpec subscribe = specification.subcommands().get("subscribe").getCommandSpec();
        return new ParameterException(subscribe.commandLine(), sentence);
    }

    @Command(name = "desubscribe", description = "Removes containers; their limits stay as they are.")
    int desubscribe(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        Changes changes = (orchestrator, name) -> orchestrator.delete(List.of("structure", SUBTYPE, name));
        return ctl.run(changes.of(names, " is no longer subscribed"));
    }
}
