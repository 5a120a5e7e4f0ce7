package io.serverlesscontainers.policy.internal.document;

import io.serverlesscontainers.core.spi.ConditionExplanation;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.policy.internal.logic.Logic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Explains the rules of a group by their documents alone. It touches nothing that was compiled for the group, so that it
 * may be asked while the rules run.
 *
 * @param <F> the facts
 */
final class GroupExplainer<F> {
    private final RuleGroup<F, ?> group;

    GroupExplainer(RuleGroup<F, ?> group) {
        this.group = group;
    }

    List<RuleExplanation> explain(F fact) {
        return group.members().stream()
                .map(member -> new RuleExplanation(
                        member.name(),
                        group.resource(),
                        group.kind().generates(),
                        member.condition().conjuncts().stream()
                                .map(condition -> explain(condition, fact))
                                .toList()))
                .toList();
    }

    private ConditionExplanation explain(Logic condition, F fact) {
        Map<String, Double> values = new LinkedHashMap<>();
        condition
                .variablesOfFact()
                .forEach(name -> values.put(name, group.variables().get(name).applyAsDouble(fact)));
        try {
            boolean held = condition.bind(group.variables()).test(fact);
            return ConditionExplanation.of(condition.infix(), values, held);
        } catch (RuntimeException failure) {
            return ConditionExplanation.failed(condition.infix(), values, String.valueOf(failure.getMessage()));
        }
    }
}
