package io.serverlesscontainers.policy.internal.check;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.policy.internal.logic.JsonValues;
import io.serverlesscontainers.policy.internal.logic.LogicParser;
import io.serverlesscontainers.store.document.Boundary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random conditions on cpu states and event counts, and facts for them. Small numbers, so that much is equal. */
final class RandomConditions {
    static final Set<String> STATE = Set.of(
            "cpu.structure.cpu.usage",
            "cpu.structure.cpu.current",
            "cpu.structure.cpu.max",
            "cpu.structure.cpu.min",
            "cpu.limits.cpu.upper",
            "cpu.limits.cpu.lower",
            "cpu.limits.cpu.boundary");
    static final Set<String> COUNTS = Set.of("events.scale.up", "events.scale.down");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> COMPARISONS = List.of("<", "<=", ">", ">=", "==", "===", "!=", "!==");

    private static final Pattern COMPARISON = Pattern.compile("\"[<>=!]=*\":");

    private RandomConditions() {}

    /** The facts of a chain after its repair, by the name of the variable. */
    static Arbitrary<Map<String, Double>> states() {
        Arbitrary<Long> amounts = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.longs().between(0, 8)),
                Tuple.of(1, Arbitraries.longs().between(0, 1_000_000_000_000L)));
        Arbitrary<Double> offsets = Arbitraries.of(-0.5, 0.0, 0.0, 0.5);
        Arbitrary<Boundary> boundaries = Combinators.combine(
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.of(Boundary.Type.class),
                        Arbitraries.of(1, 25))
                .as((value, type, factor) ->
                        new Boundary(type == Boundary.Type.ABSOLUTE ? value : value * factor, type));
        return Combinators.combine(
                        amounts,
                        amounts,
                        amounts,
                        boundaries,
                        Arbitraries.integers().between(0, 4),
                        offsets)
                .as((a, b, c, boundary, near, offset) -> {
                    long max = Math.max(a, Math.max(b, c));
                    long current = Math.min(a, c);
                    long margin = boundary.margin(max, current);
                    double[] neighbours = {max, current, current - margin, current - 2 * margin, b};
                    var facts = new HashMap<String, Double>();
                    facts.put("cpu.structure.cpu.max", (double) max);
                    facts.put("cpu.structure.cpu.min", (double) b);
                    facts.put("cpu.structure.cpu.current", (double) current);
                    facts.put("cpu.limits.cpu.upper", (double) (current - margin));
                    facts.put("cpu.limits.cpu.lower", (double) (current - 2 * margin));
                    facts.put("cpu.limits.cpu.boundary", (double) boundary.value());
                    facts.put("cpu.structure.cpu.usage", Math.max(0, neighbours[near] + offset));
                    return facts;
                });
    }

    /** Conditions that compare, negate and join, and nothing else, in no more ways than are followed. */
    static Arbitrary<JsonNode> comparing(Set<String> variables) {
        return conditions(comparisons(variables)).filter(json -> ways(json) <= Alternatives.MOST);
    }

    /** At most: a comparison is two ways at worst, and so are the counts of events. */
    private static long ways(JsonNode json) {
        long comparisons = COMPARISON.matcher(json.toString()).results().count();
        return 1L << Math.min(comparisons + 1, 60);
    }

    /** Conditions in which some part is more than a comparison. */
    static Arbitrary<JsonNode> any(Set<String> variables) {
        Arbitrary<JsonNode> operands = operands(variables);
        Arbitrary<JsonNode> others = Combinators.combine(operands, operands, operands, Arbitraries.of(0, 1, 2, 3, 4))
                .as((a, b, c, kind) -> switch (kind) {
                    case 0 -> operation(">", operation("+", a, b), c);
                    case 1 -> operation("if", a, operation("<", b, c), operation("!", b));
                    case 2 -> a;
                    case 3 -> operation("in", a, JSON.arrayNode().add(b).add(c));
                    default -> operation("<", a, JSON.textNode("3"));
                });
        return conditions(Arbitraries.frequencyOf(Tuple.of(8, comparisons(variables)), Tuple.of(1, others)));
    }

    /** Comparisons that are all true of some facts. */
    static Arbitrary<JsonNode> trueOf(Map<String, Double> facts) {
        return comparisons(facts.keySet())
                .filter(it -> holds(it, facts))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(all -> operation("and", all.toArray(JsonNode[]::new)));
    }

    static boolean holds(JsonNode condition, Map<String, Double> facts) {
        var data = JSON.objectNode();
        new TreeMap<>(facts).forEach((name, value) -> {
            var owner = data;
            String[] path = name.split("\\.");
            for (int i = 0; i < path.length - 1; i++) {
                owner = owner.withObjectProperty(path[i]);
            }
            owner.put(path[path.length - 1], value);
        });
        return new LogicParser(facts.keySet())
                .parse(operation("!!", condition), JsonPointer.empty())
                .valueFor(JsonValues.of(data))
                .equals(true);
    }

    private static Arbitrary<JsonNode> conditions(Arbitrary<JsonNode> leaves) {
        return Arbitraries.recursive(() -> leaves, RandomConditions::joined, 0, 3)
                .withoutEdgeCases();
    }

    private static Arbitrary<JsonNode> joined(Arbitrary<JsonNode> parts) {
        Arbitrary<List<JsonNode>> some = parts.list().ofMinSize(1).ofMaxSize(3);
        return Combinators.combine(Arbitraries.of("and", "and", "and", "or", "!", "!!", "log"), some)
                .as((symbol, operands) -> symbol.equals("and") || symbol.equals("or")
                        ? operation(symbol, operands.toArray(JsonNode[]::new))
                        : operation(symbol, operands.get(0)));
    }

    private static Arbitrary<JsonNode> comparisons(Set<String> variables) {
        return Combinators.combine(
                        Arbitraries.of(COMPARISONS),
                        operands(variables).list().ofSize(3),
                        Arbitraries.integers().between(0, 5))
                .as((symbol, operands, kind) -> {
                    var all = new ArrayList<>(operands);
                    if (!symbol.startsWith("<") || kind > 0) {
                        all.remove(2);
                    }
                    return operation(symbol, all.toArray(JsonNode[]::new));
                });
    }

    private static Arbitrary<JsonNode> operands(Set<String> variables) {
        return Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.of(variables).map(name -> operation("var", JSON.textNode(name)))),
                Tuple.of(
                        1,
                        Arbitraries.of(-1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.5).map(JSON::numberNode)));
    }

    static JsonNode operation(String symbol, JsonNode... operands) {
        ArrayNode all = JSON.arrayNode();
        all.addAll(List.of(operands));
        return JSON.objectNode().set(symbol, symbol.equals("var") ? operands[0] : all);
    }
}
