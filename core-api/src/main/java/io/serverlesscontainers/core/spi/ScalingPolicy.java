package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Set;

/**
 * Decides. It says which rules hold, and nothing else: amounts are computed, trimmed and written by the
 * {@link io.serverlesscontainers.core.guardian.Guardian}, the same way for every policy.
 *
 * <p>Called by one thread at a time, the two methods that decide once per window with all facts of the window. A policy keeps no memory
 * between windows: what it needs to know is in the facts. A rule that fails on one fact is reported through
 * {@link Firings#failed} and does not stop the others.
 *
 * <p>Implementations prove themselves with {@code ScalingPolicyTck}.
 */
public interface ScalingPolicy extends AutoCloseable {
    /** The resources that at least one rule looks at. */
    Set<Resource> resources();

    /** Tells, for each state, the event rules that hold. */
    void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings);

    /** Tells, for each tally, the request rules that hold. */
    void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings);

    /**
     * Tells of each event rule for the state's resource whether it holds and why, under the name that a firing of it has.
     * Any thread may ask at any time, also in the middle of a window, which goes on as if nobody had. Costs far more than
     * a decision: for people, and not for every window.
     *
     * @return in the order that the policy has them in; empty if there are no such rules, or the policy cannot tell
     */
    default List<RuleExplanation> explain(ResourceState state) {
        return List.of();
    }

    /** Tells the same of each request rule for the tally's resource. */
    default List<RuleExplanation> explain(EventTally tally) {
        return List.of();
    }

    /** Frees what the policy holds. */
    @Override
    default void close() {}

    /**
     * This policy and another one on top of it: both see every fact, and the rules of both fire. A rule of one that fails
     * does not stop the other. Of two requests for the same limit in the same window, the one with the higher priority
     * counts. Closing it closes both.
     *
     * <p>Which rule is whose is told by the rules' names alone; a rule that is in both fires twice.
     */
    default ScalingPolicy and(ScalingPolicy other) {
        return new CombinedPolicy(this, other);
    }

    /**
     * Is told which rules hold for which facts, in no particular order.
     *
     * @param <F> the fact
     * @param <R> the rule
     */
    interface Firings<F, R> {
        /** A rule holds for a fact. */
        void fired(F fact, R rule);

        /** A rule could not be evaluated for a fact; the sentence names the rule and why. */
        default void failed(F fact, String sentence) {}
    }
}
