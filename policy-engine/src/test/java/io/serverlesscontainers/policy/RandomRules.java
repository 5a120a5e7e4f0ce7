package io.serverlesscontainers.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random sets of sound rule documents: most compare numbers, some do all that JSON logic can, and some of that fails. */
final class RandomRules {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String[] OF_STRUCTURE = {"usage", "current", "max", "min"};
    private static final String[] OF_LIMITS = {"upper", "lower", "boundary"};
    private static final String[] COMPARISONS = {"<", "<=", ">", ">=", "==", "!=", "===", "!=="};

    private final Random random;
    private Resource resource;
    private boolean ofStates;

    RandomRules(Random random) {
        this.random = random;
    }

    List<Rule> set() {
        var rules = new ArrayList<Rule>();
        int count = 1 + random.nextInt(24);
        for (int i = 0; i < count; i++) {
            rules.add(rule("rule " + i));
        }
        return rules;
    }

    Rule rule(String name) {
        // Mostly two resources, so that rules share constraints.
        resource = Resource.values()[
                random.nextInt(4) == 0 ? random.nextInt(Resource.values().length) : random.nextInt(2)];
        ofStates = random.nextBoolean();
        ObjectNode rule = JSON.objectNode().put("name", name).put("resource", resource.wireName());
        rule.set("rule", condition());
        if (ofStates) {
            rule.put("generates", "events");
            rule.putObject("action")
                    .putObject("events")
                    .putObject("scale")
                    .put(random.nextBoolean() ? "up" : "down", 1);
        } else {
            rule.put("generates", "requests").put("rescale_policy", "amount").put("amount", 1 + random.nextInt(99));
            rule.put("events_to_remove", random.nextInt(5));
        }
        return DocumentKind.RULES.read(rule);
    }

    private JsonNode condition() {
        int conjuncts = random.nextInt(5);
        if (conjuncts == 0) {
            return truth(0);
        }
        ArrayNode all = JSON.arrayNode();
        for (int i = 0; i < conjuncts; i++) {
            all.add(random.nextInt(4) == 0 ? truth(0) : comparison(2));
        }
        return JSON.objectNode().set("and", all);
    }

    private JsonNode truth(int depth) {
        if (depth > 3) {
            return comparison(depth);
        }
        return switch (random.nextInt(11)) {
            case 0 -> operation("and", truth(depth + 1), truth(depth + 1));
            case 1 -> operation("or", truth(depth + 1), comparison(depth), truth(depth + 1));
            case 2 -> operation("!", truth(depth + 1));
            case 3 -> operation("if", truth(depth + 1), truth(depth + 1), truth(depth + 1));
            case 4 -> operation("<", number(depth), number(depth), number(depth));
            case 5 ->
                operation("in", number(depth), JSON.arrayNode().add(0).add(3).add(10));
            case 6 -> operation("==", operation("cat", number(depth), JSON.textNode("0")), JSON.textNode("10"));
            case 7 -> operation("!!", number(depth));
            case 8 -> operation("some", JSON.arrayNode().add(number(depth)).add(2), bodyAboveTwo());
            default -> comparison(depth);
        };
    }

    private JsonNode bodyAboveTwo() {
        return operation(">", JSON.objectNode().put("var", ""), JSON.numberNode(2));
    }

    private JsonNode comparison(int depth) {
        return operation(COMPARISONS[random.nextInt(COMPARISONS.length)], number(depth), number(depth));
    }

    private JsonNode number(int depth) {
        if (depth > 3) {
            return variable();
        }
        return switch (random.nextInt(20)) {
            case 0 -> operation("+", number(depth + 1), number(depth + 1));
            case 1 -> operation("-", number(depth + 1), number(depth + 1));
            case 2 -> operation("*", number(depth + 1), JSON.numberNode(0.5));
            case 3 -> operation("/", number(depth + 1), number(depth + 1));
            case 4 -> operation("%", number(depth + 1), variable());
            case 5 -> operation("max", number(depth + 1), number(depth + 1));
            case 6 -> JSON.textNode(Integer.toString(random.nextInt(4)));
            case 7, 8, 9, 10, 11 -> JSON.numberNode(random.nextInt(6));
            default -> variable();
        };
    }

    private JsonNode variable() {
        String path;
        if (!ofStates) {
            path = "events.scale." + (random.nextBoolean() ? "up" : "down");
        } else if (random.nextInt(12) == 0) {
            path = resource + ".structure." + resource + ".throttled";
        } else if (random.nextInt(5) < 3) {
            path = resource + ".structure." + resource + "." + OF_STRUCTURE[random.nextInt(OF_STRUCTURE.length)];
        } else {
            path = resource + ".limits." + resource + "." + OF_LIMITS[random.nextInt(OF_LIMITS.length)];
        }
        return JSON.objectNode().put("var", path);
    }

    private static ObjectNode operation(String operator, JsonNode... operands) {
        ArrayNode all = JSON.arrayNode();
        for (JsonNode operand : operands) {
            all.add(operand);
        }
        return JSON.objectNode().set(operator, all);
    }
}
