package io.serverlesscontainers.core.spi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Shown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Whether one rule held for a fact, condition by condition. Immutable.
 *
 * @param rule the rule's name
 * @param resource the resource it looks at
 * @param generates whether it looks at states and generates events, or at event sums and generates requests
 * @param conditions what must all hold, each of them evaluated, also after the first that did not hold
 */
public record RuleExplanation(
        String rule, Resource resource, Rule.Generates generates, List<ConditionExplanation> conditions) {

    /** Copies the list. */
    public RuleExplanation {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(generates, "generates");
        conditions = List.copyOf(conditions);
    }

    /** Whether the rule held: all of its conditions did. */
    public boolean held() {
        return conditions.stream().allMatch(ConditionExplanation::held);
    }

    /**
     * In plain words, without a full stop: {@code rule 'exceeded upper' does not hold: usage > upper is false, upper < max
     * is true (usage 85.5, upper 90, max 400)}.
     */
    public String sentence() {
        var values = new LinkedHashMap<String, Double>();
        conditions.forEach(condition -> values.putAll(condition.values()));
        String verdicts = conditions.stream().map(ConditionExplanation::verdict).collect(Collectors.joining(", "));
        return Shown.named("rule", rule)
                + (held() ? " holds" : " does not hold")
                + (verdicts.isEmpty() ? "" : ": ")
                + verdicts
                + Numbers.inBrackets(values);
    }

    /** The fields {@code rule}, {@code resource}, {@code generates}, {@code held} and {@code conditions}. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("rule", rule)
                .put("resource", resource.wireName())
                .put("generates", generates.wireName())
                .put("held", held());
        ArrayNode all = json.putArray("conditions");
        conditions.forEach(condition -> all.add(condition.toJson()));
        return json;
    }
}
