package io.serverlesscontainers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules as a user might have written them: for each resource in turn, events above a few different shares of the limit,
 * below a few others, and requests for as many different numbers of events. No two ask quite the same.
 */
final class UserRules {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Resource[] RESOURCES = {
        Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE, Resource.NET
    };

    private UserRules() {}

    static List<Rule> documents(int count) {
        var rules = new ArrayList<Rule>();
        for (int i = 0; i < count; i++) {
            rules.add(DocumentKind.RULES.read(rule(RESOURCES[i % RESOURCES.length], i / RESOURCES.length)));
        }
        return rules;
    }

    private static ObjectNode rule(Resource resource, int variant) {
        ObjectNode rule =
                JSON.objectNode().put("name", resource + " " + variant).put("resource", resource.wireName());
        boolean isUp = variant % 4 < 2;
        if (variant % 2 == 0) {
            rule.put("generates", "events").set("rule", isUp ? busy(resource, variant) : idle(resource, variant));
            rule.putObject("action").putObject("events").putObject("scale").put(isUp ? "up" : "down", 1);
        } else {
            rule.put("generates", "requests").put("events_to_remove", 2).set("rule", enough(isUp, variant));
            rule.put("rescale_policy", isUp ? "amount" : "fit_to_usage").put("rescale_type", isUp ? "up" : "down");
            rule.put("amount", 50 + variant);
        }
        return rule;
    }

    /** Usage above a share of the limit, which is below max. */
    private static JsonNode busy(Resource resource, int variant) {
        return and(
                compare(
                        ">",
                        structure(resource, "usage"),
                        share(structure(resource, "current"), 0.97 - variant / 100.0)),
                compare(">", structure(resource, "usage"), limit(resource, "upper")),
                compare("<", structure(resource, "current"), structure(resource, "max")));
    }

    /** Usage below a share of the lower threshold, which is above min. */
    private static JsonNode idle(Resource resource, int variant) {
        return and(
                compare("<", structure(resource, "usage"), share(limit(resource, "lower"), 1 - variant / 100.0)),
                compare(">", structure(resource, "usage"), JSON.numberNode(variant)),
                compare(">", limit(resource, "lower"), structure(resource, "min")));
    }

    private static JsonNode enough(boolean up, int variant) {
        return and(
                compare(">=", variable("events.scale." + (up ? "up" : "down")), JSON.numberNode(2 + variant)),
                compare("<=", variable("events.scale." + (up ? "down" : "up")), JSON.numberNode(variant % 3)));
    }

    private static JsonNode share(JsonNode of, double share) {
        return compare("*", of, JSON.numberNode(share));
    }

    private static JsonNode structure(Resource resource, String field) {
        return variable(resource + ".structure." + resource + "." + field);
    }

    private static JsonNode limit(Resource resource, String field) {
        return variable(resource + ".limits." + resource + "." + field);
    }

    private static JsonNode variable(String path) {
        return JSON.objectNode().put("var", path);
    }

    private static JsonNode and(JsonNode... conditions) {
        ArrayNode all = JSON.arrayNode();
        for (JsonNode condition : conditions) {
            all.add(condition);
        }
        return JSON.objectNode().set("and", all);
    }

    private static JsonNode compare(String operator, JsonNode left, JsonNode right) {
        return JSON.objectNode().set(operator, JSON.arrayNode().add(left).add(right));
    }
}
