package io.serverlesscontainers.policy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Rule documents, short to write. In their conditions {@code usage} and {@code up} stand for these variables. */
final class Documents {
    private static final JsonMapper JSON = new JsonMapper();

    private Documents() {}

    /** A rule whose events count {@code up}, so that they tell which version of it has fired. */
    static Rule eventRule(String name, Resource resource, String condition, int up) {
        ObjectNode json = rule(name, resource, condition).put("generates", "events");
        json.putObject("action").putObject("events").putObject("scale").put("up", up);
        return DocumentKind.RULES.read(json);
    }

    static Rule requestRule(String name, Resource resource, String condition, long amount) {
        return DocumentKind.RULES.read(rule(name, resource, condition)
                .put("generates", "requests")
                .put("events_to_remove", 1)
                .put("amount", amount)
                .put("rescale_policy", "amount")
                .put("rescale_type", "up"));
    }

    static Rule inactive(Rule rule) {
        return DocumentKind.RULES.read(rule.toJson().put("active", false));
    }

    private static ObjectNode rule(String name, Resource resource, String condition) {
        String word = resource.wireName();
        String json = condition
                .replace('\'', '"')
                .replace("usage", "{\"var\":\"" + word + ".structure." + word + ".usage\"}")
                .replace("up", "{\"var\":\"events.scale.up\"}");
        try {
            ObjectNode rule = JSON.createObjectNode().put("name", name).put("resource", word);
            rule.set("rule", JSON.readTree(json));
            return rule;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
