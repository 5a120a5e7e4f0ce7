package io.serverlesscontainers.policy.internal.engine;

/**
 * How some rules are evaluated.
 *
 * @param cached whether the decision cache answers
 * @param reason why it does not; empty if it does
 * @param rules how many rules there are
 * @param constraints how many different constraints they have; 0 if that is not known
 * @param signatures how many combinations of constraints the cache has an answer for
 * @param sessions how many times the rule engine was asked
 */
public record EvaluationState(
        boolean cached, String reason, int rules, int constraints, int signatures, long sessions) {}
