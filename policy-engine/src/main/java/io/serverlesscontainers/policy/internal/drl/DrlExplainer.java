package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.ConditionExplanation;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import java.util.List;
import java.util.Map;

/**
 * Explains rules by the constraints that were found in them, and by their source text. It runs no rule, so that it may be
 * asked while the rules run.
 *
 * @param <F> the facts
 */
final class DrlExplainer<F> {
    private final FactKind<F> kind;
    private final Map<String, Object> globals;
    private final List<DrlConstraints.WrittenRule<F>> rules;

    DrlExplainer(FactKind<F> kind, Map<String, Object> globals, List<DrlConstraints.WrittenRule<F>> rules) {
        this.kind = kind;
        this.globals = globals;
        this.rules = rules;
    }

    List<RuleExplanation> explain(F fact) {
        var values = new TextValues(fact, globals);
        return rules.stream()
                .map(rule -> new RuleExplanation(
                        rule.name(),
                        kind.resource().apply(fact),
                        kind.generates(),
                        rule.constraints().stream()
                                .map(written -> explain(written, fact, values))
                                .toList()))
                .toList();
    }

    private ConditionExplanation explain(DrlConstraints.Written<F> written, F fact, TextValues values) {
        // A condition may go over several lines.
        String text = written.text().replaceAll("\\s+", " ").strip();
        try {
            boolean held = written.constraint().holds(fact);
            return ConditionExplanation.of(text, values.of(text), held);
        } catch (RuntimeException failure) {
            return ConditionExplanation.failed(text, values.of(text), String.valueOf(failure.getMessage()));
        }
    }
}
