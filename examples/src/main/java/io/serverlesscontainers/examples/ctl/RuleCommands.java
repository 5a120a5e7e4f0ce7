package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.table.Table;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ctl rule}: when the Guardian asks for how much. */
@Command(
        name = "rule",
        description = "The rules of the Guardian: whether they are in force, how much they ask for, and when.",
        synopsisSubcommandLabel = "COMMAND")
final class RuleCommands {
    private static final String RULE = "rule";

    private final CtlCommand ctl;

    RuleCommands(CtlCommand ctl) {
        this.ctl = ctl;
    }

    /** How a rule may reckon its amount. */
    static final class Policies implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of("amount", "fit_to_usage", "proportional").iterator();
        }
    }

    /** Which events a rule may wait for. */
    static final class Directions implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.of("up", "down").iterator();
        }
    }

    @Command(name = "list", description = "All of them.")
    int list() {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode rules = orchestrator.get(List.of(RULE));
            var table = new Table("name", "resource", "generates", "active", "policy", "amount");
            for (JsonNode rule : rules) {
                JsonNode policy = rule.path("rescale_policy");
                table.add(
                        Documents.text(rule.path("name")),
                        Documents.text(rule.path("resource")),
                        Documents.text(rule.path("generates")),
                        Documents.text(rule.path("active")),
                        Documents.text(policy.isMissingNode() ? rule.path("rescale_by") : policy),
                        Documents.text(rule.path("amount")));
            }
            output.table(table);
            result.set("rules", rules);
        });
    }

    @Command(name = "show", description = "All that is known of one.")
    int show(@Parameters(paramLabel = "NAME") String name) {
        return ctl.run((orchestrator, output, result) -> {
            JsonNode rule = orchestrator.get(List.of(RULE, name));
            output.table(new Documents().fields(rule, "type").table());
            result.set(RULE, rule);
        });
    }

    @Command(name = "activate", description = "Puts rules in force.")
    int activate(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        return change(names, "activate", MissingNode.getInstance(), " is active");
    }

    @Command(name = "deactivate", description = "Puts rules out of force.")
    int deactivate(@Parameters(arity = "1..*", paramLabel = "NAME") List<String> names) {
        return change(names, "deactivate", MissingNode.getInstance(), " is not active");
    }

    @Command(name = "amount", description = "Sets how much a rule asks for, in the unit of its resource.")
    int amount(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "AMOUNT", description = "Negative for a rule that scales down.") String amount) {
        return change(List.of(name), "amount", StructureCommands.value(amount), ": amount is " + amount);
    }

    @Command(name = "policy", description = "Sets how a rule reckons its amount.")
    int policy(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            paramLabel = "POLICY",
                            completionCandidates = Policies.class,
                            description = "${COMPLETION-CANDIDATES}.")
                    String policy) {
        return change(List.of(name), "policy", StructureCommands.value(policy), ": policy is " + policy);
    }

    @Command(name = "events-required", description = "Sets after how many events a rule asks.")
    int eventsRequired(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(
                            paramLabel = "DIRECTION",
                            completionCandidates = Directions.class,
                            description = "${COMPLETION-CANDIDATES}.")
                    String direction,
            @Parameters(paramLabel = "NUMBER") String number) {
        ObjectNode body = StructureCommands.value(number).put("event_type", direction);
        return change(List.of(name), "events_required", body, ": " + direction + " events required are " + number);
    }

    private int change(List<String> names, String verb, JsonNode body, String outcome) {
        Changes changes = (orchestrator, name) -> orchestrator.put(body, List.of(RULE, name, verb));
        return ctl.run(changes.of(names, outcome));
    }
}
