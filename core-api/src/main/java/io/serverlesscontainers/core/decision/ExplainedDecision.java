package io.serverlesscontainers.core.decision;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the Guardian decided, with every rule that it asked and each of their conditions;
 * {@link GuardianDecision#explainedBy} makes it.
 *
 * @param decision what was decided
 * @param rules event rules, then request rules; empty if none was asked, or the policy cannot tell
 */
public record ExplainedDecision(GuardianDecision decision, List<RuleExplanation> rules) implements Decision {
    /** Copies the list. */
    public ExplainedDecision {
        Objects.requireNonNull(decision, "decision");
        rules = List.copyOf(rules);
    }

    @Override
    public Instant at() {
        return decision.at();
    }

    @Override
    public String structure() {
        return decision.structure();
    }

    @Override
    public Resource resource() {
        return decision.resource();
    }

    @Override
    public boolean isScaling() {
        return decision.isScaling();
    }

    /** The decision's own explanation, and then each rule's. */
    @Override
    public String explanation() {
        var text = new StringBuilder(decision.explanation());
        rules.forEach(rule -> text.append("; ").append(rule.sentence()));
        return text.toString();
    }

    /** The decision's own JSON, and {@code rules} after it. */
    @Override
    public ObjectNode toJson() {
        ObjectNode json = decision.toJson();
        ArrayNode all = json.putArray("rules");
        rules.forEach(rule -> all.add(rule.toJson()));
        return json;
    }
}
