package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;

/**
 * Takes the facts of a window, and tells the rules that hold for them. For one thread.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public interface Evaluator<F, R> {
    /** Which evaluator some rules get. */
    @FunctionalInterface
    interface Choice {
        /** An evaluator for the rules, and facts of one resource. */
        <F, R> Evaluator<F, R> of(Rules<F, R> rules);
    }

    /** The faster one: the decision cache if it is known what the rules ask, else the rule engine. */
    static <F, R> Evaluator<F, R> of(Rules<F, R> rules) {
        return rules.constraints().isPresent() ? new DecisionCache<>(rules) : uncached(rules);
    }

    /** The rule engine for every fact. */
    static <F, R> Evaluator<F, R> uncached(Rules<F, R> rules) {
        return new RuleSession<>(rules);
    }

    /**
     * Begins a window; what is left of an earlier one that failed is forgotten.
     *
     * @param facts all facts of the window, quick to get by their place
     */
    void begin(List<F> facts, Firings<F, R> firings);

    /**
     * Takes some facts of the window; they may be evaluated at once or later.
     *
     * @param places where in the window they are; valid during the call
     * @param count how many there are, {@link Block#ROWS} at most
     * @param scratch what the evaluator may use during the call
     */
    void add(int[] places, int count, Block<F> scratch);

    /** Ends the window: when it returns, everything has been told. */
    void end();

    /** The rules that it evaluates. */
    Rules<F, R> rules();

    /** How it evaluates, and what it has seen. */
    Evaluation evaluation(Resource resource);
}
