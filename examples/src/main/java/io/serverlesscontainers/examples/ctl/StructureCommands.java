package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ctl structure}: what containers, hosts and applications have in common. */
@Command(
        name = "structure",
        description = "Containers, hosts and applications: what they have, whether they are scaled, in which bounds.",
        synopsisSubcommandLabel = "COMMAND")
final class StructureCommands {
    private static final String STRUCTURE = "structure";
    private static final String RESOURCES = "resources";

    private final CtlCommand ctl;

    StructureCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    /** The resources that there are; an Orchestrator may know others. */
    static final class Resources implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of("cpu", "mem", "disk_read", "disk_write", "net", "energy")
                    .iterator();
        }
    }

    @Command(name = "list", description = "All of them, with a row for each resource.")
    int list() {
        return list(ctl, "");
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return show(ctl, name);
    }

    @Command(
            name = "guard",
            description = "Lets the Guardian scale structures; only resources that are guarded themselves are scaled.")
    int guard(
            @Parameters(arity = "1..*", paramLabel = "NAME") List<String> names,
            @Option(
                            names = "--resource",
                            paramLabel = "RESOURCE",
                            completionCandidates = Resources.class,
                            description = "Only this resource of the structures; may be given several times.")
                    List<String> resources) {
        return guard(names, resources, true);
    }

    @Command(name = "unguard", description = "Leaves structures alone: their limits stay as they are.")
    int unguard(
            @Parameters(arity = "1..*", paramLabel = "NAME") List<String> names,
            @Option(
                            names = "--resource",
                            paramLabel = "RESOURCE",
                            completionCandidates = Resources.class,
                            description = "Only this resource of the structures; may be given several times.")
                    List<String> resources) {
        return guard(names, resources, false);
    }

    private int guard(List<String> names, List<String> resources, boolean wanted) {
        String verb = wanted ? "guard" : "unguard";
        Changes changes;
        String outcome = wanted ? " is guarded" : " is not guarded";
        if (resources == null) {
            changes =
                    (orchestrator, name) -> orchestrator.put(MissingNode.getInstance(), List.of(STRUCTURE, name, verb));
        } else {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            resources.forEach(body.putArray(RESOURCES)::add);
            changes = (orchestrator, name) -> orchestrator.put(body, List.of(STRUCTURE, name, RESOURCES, verb));
            outcome += " in " + String.join(", ", resources);
        }
        return ctl.run(changes.of(names, outcome));
    }

    @Command(name = "set", description = "Sets a bound of a resource, or how far its thresholds are apart.")
    int set(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "RESOURCE", completionCandidates = Resources.class) String resource,
            @Parameters(
                            paramLabel = "SETTING",
                            converter = ResourceSetting.Converter.class,
                            description = "${COMPLETION-CANDIDATES}; a boundary-type is percentage_of_max or "
                                    + "percentage_of_current, without one the boundary is an amount.")
                    ResourceSetting setting,
            @Parameters(paramLabel = "VALUE") String value) {
        Changes changes = (orchestrator, structure) -> orchestrator.put(
                value(value), List.of(STRUCTURE, structure, setting.section(), resource, setting.field()));
        return ctl.run(changes.of(List.of(name), ": " + setting + " of " + resource + " is " + value));
    }

    /** As the Orchestrator wants one value; it knows a number in a text. */
    static ObjectNode value(String value) {
        return JsonNodeFactory.instance.objectNode().put("value", value);
    }

    /** Lists structures of one subtype, or of all if it is empty. */
    static int list(CtlCommand ctl, String subtype) {
        return ctl.run((orchestrator, output, result) -> {
            List<JsonNode> structures = new ArrayList<>();
            for (JsonNode structure : orchestrator.get(List.of(STRUCTURE))) {
                if (subtype.isEmpty() || structure.path("subtype").asText().equals(subtype)) {
                    structures.add(structure);
                }
            }
            output.table(StructureTables.of(structures));
            result.putArray("structures").addAll(structures);
        });
    }

    /** Shows a structure, and its thresholds if it has any. */
    static int show(CtlCommand ctl, String name) {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode structure = orchestrator.get(List.of(STRUCTURE, name));
            JsonNode limits = MissingNode.getInstance();
            try {
                limits = orchestrator.get(List.of(STRUCTURE, name, "limits"));
                result.set("limits", limits);
            } catch (CtlException refused) {
                if (!refused.isMissing()) {
                    throw refused;
                }
            }
            result.set(STRUCTURE, structure);
            StructureTables.show(structure, limits, output);
        });
    }
}
