package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Set;

/**
 * Decides. It says which rules hold, and nothing else: amounts are computed, trimmed and written by the
 * {@link io.serverlesscontainers.core.guardian.Guardian}, the same way for every policy.
 *
 * <p>Called by one thread at a time, each method once per window with all states of the window. A policy keeps no memory
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
