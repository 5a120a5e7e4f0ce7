package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;

/**
 * Facts of one resource on their way through sessions of the rule engine: in portions, because its cost per fact grows
 * with what it holds.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class RuleSession<F, R> {
    private static final int PORTION = 125;

    private final Rules<F, R> rules;
    private final List<F> portion = new ArrayList<>();
    private Firings<F, R> firings;
    private long sessions;

    RuleSession(Rules<F, R> rules) {
        this.rules = rules;
    }

    /** Begins a window; what is left of an earlier one that failed is forgotten. */
    void begin(Firings<F, R> told) {
        rules.prepare();
        portion.clear();
        firings = told;
    }

    /** Takes a fact; the rules that hold for it are told before the end of the window. */
    void add(F fact) {
        portion.add(fact);
        if (portion.size() == PORTION) {
            run();
        }
    }

    /** Ends the window: when it returns, everything has been told. */
    void end() {
        if (!portion.isEmpty()) {
            run();
        }
        firings = null;
    }

    private void run() {
        sessions++;
        rules.run(portion, firings);
        portion.clear();
    }

    /** How many sessions there were. */
    long sessions() {
        return sessions;
    }

    Rules<F, R> rules() {
        return rules;
    }

    Evaluation evaluation(Resource resource) {
        return new Evaluation(
                resource,
                rules.kind().generates(),
                Evaluation.Path.RULE_ENGINE,
                rules.constraints().isPresent() ? "asked for" : "it is not known what the rules ask",
                rules.count(),
                rules.constraints().map(List::size).orElse(0),
                0,
                sessions);
    }
}
