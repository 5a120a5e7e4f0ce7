package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Evaluates the rules of one kind of facts, of all resources. For one thread at a time, but for {@link #explain}.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public interface Evaluators<F, R> {
    /**
     * The faster way: the decision cache where it is known what the rules ask, and the rule engine elsewhere.
     *
     * @param signatures of what the rules are known to ask
     */
    static <F, R> Evaluators<F, R> cached(
            FactKind<F> kind, Map<Resource, ? extends Rules<F, R>> rules, Signatures<F> signatures) {
        return new DecisionCache<>(kind, rules, signatures);
    }

    /** The reference: the rule engine for every fact. */
    static <F, R> Evaluators<F, R> uncached(FactKind<F> kind, Map<Resource, ? extends Rules<F, R>> rules) {
        return new RuleSessions<>(kind, rules);
    }

    /** The resources that have rules. */
    Set<Resource> resources();

    /** How the rules of each of them are evaluated, and what that has come to. */
    Stream<Evaluation> evaluations();

    /** Whether each rule of a fact's resource holds for it, and why. Any thread may ask at any time. */
    List<RuleExplanation> explain(F fact);

    /** Tells, for each fact, the rules that hold; in no certain order. */
    void run(List<F> facts, Firings<F, R> firings);
}
