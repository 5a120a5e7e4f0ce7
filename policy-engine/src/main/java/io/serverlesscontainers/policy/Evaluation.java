package io.serverlesscontainers.policy;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule.Generates;

/**
 * How the rules of one resource are evaluated, and what that has come to so far. Immutable.
 *
 * <p>The decision cache evaluates what rules ask of a fact, and asks the rule engine once for each combination of answers
 * that it meets. The rule engine sees every fact where it is not known what the rules ask, where there are too many
 * combinations, and for each fact that some condition has no value for.
 *
 * @param resource the resource
 * @param generates which of its rules: those that generate events, or requests
 * @param path who answers
 * @param reason why the cache does not; empty if it does
 * @param rules how many rules there are
 * @param constraints how many different things they ask of a fact; 0 if that is not known
 * @param combinations how many combinations the cache has an answer for
 * @param sessions how often the rule engine was asked, about one fact or many
 */
public record Evaluation(
        Resource resource,
        Generates generates,
        Path path,
        String reason,
        int rules,
        int constraints,
        int combinations,
        long sessions) {

    /** Who answers. */
    public enum Path {
        /** The decision cache in front of the rule engine. */
        DECISION_CACHE,
        /** The rule engine alone. */
        RULE_ENGINE
    }

    /** The same in one plain sentence. */
    public String sentence() {
        String who = path == Path.DECISION_CACHE
                ? "decision cache, " + constraints + " constraints, " + combinations + " answers"
                : "rule engine (" + reason + ")";
        return resource + " " + generates.wireName() + ": " + rules + " rules, " + who + ", " + sessions + " sessions";
    }
}
