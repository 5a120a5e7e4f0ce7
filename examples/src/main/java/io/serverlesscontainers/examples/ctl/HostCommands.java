package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ctl host}: where containers run. */
@Command(
        name = "host",
        description = "Hosts, which containers run on; each has a Container Scaler.",
        synopsisSubcommandLabel = "COMMAND")
final class HostCommands {
    private static final List<String> PATH = List.of("structure", "host");

    private final CtlCommand ctl;

    @Spec
    private CommandSpec specification;

    HostCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    @Command(name = "list", description = "All of them, with a row for each resource.")
    int list() {
        return StructureCommands.list(ctl, "host");
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return StructureCommands.show(ctl, name);
    }

    @Command(
            name = "subscribe",
            description = {
                "Adds a host, whose Container Scaler must answer. All that it has is free then.",
                "Disks and other resources are said in a file: {\"name\": …, \"subtype\": \"host\", \"resources\": {…}}."
            })
    int subscribe(
            @Parameters(arity = "0..1", paramLabel = "NAME", description = "Unless --file says it.") String name,
            @Option(names = "--cpu-max", paramLabel = "SHARES", description = "Its CPU: 100 for each core.")
                    Long shares,
            @Option(names = "--memory-max", paramLabel = "MIB", description = "Its memory.") Long memoryMiB,
            @Option(
                            names = "--container-scaler",
                            paramLabel = "ADDRESS:PORT",
                            description = "Where its Container Scaler is; port 8000 at the host's name unless told.")
                    String scaler,
            @Option(
                            names = "--file",
                            paramLabel = "FILE",
                            description = "All of it in JSON or YAML, as the Orchestrator takes it; '-' is standard "
                                    + "input.")
                    String file) {
        if (file != null) {
            if (name != null || shares != null || memoryMiB != null || scaler != null) {
                throw wrong("--file says everything, nothing else can be said then");
            }
            return ctl.run(WrittenBody.add(file, ctl.input(), PATH, "/name"));
        }
        if (name == null) {
            throw wrong("a NAME is missing, or a --file");
        }
        ObjectNode host = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("host", name)
                .put("subtype", "host");
        (scaler == null ? new ScalerAddress(name, ScalerAddress.USUAL_PORT) : ScalerAddress.parse(scaler)).write(host);
        ObjectNode resources = host.putObject("resources");
        putFree(resources, "cpu", shares);
        putFree(resources, "mem", memoryMiB);
        return ctl.run(WrittenBody.add(PATH, host).of(List.of(name), " is subscribed"));
    }

    private static void putFree(ObjectNode resources, String name, Long amount) {
        if (amount != null) {
            resources.putObject(name).put("max", amount).put("free", amount);
        }
    }

    private ParameterException wrong(String sentence) {
        CommandSpec subscribe = specification.subcommands().get("subscribe").getCommandSpec();
        return new ParameterException(subscribe.commandLine(), sentence);
    }

    @Command(name = "desubscribe", description = "Removes hosts that have no containers left.")
    int desubscribe(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        Changes changes = (orchestrator, name) -> orchestrator.delete(List.of("structure", "host", name));
        return ctl.run(changes.of(names, " is no longer subscribed"));
    }
}
