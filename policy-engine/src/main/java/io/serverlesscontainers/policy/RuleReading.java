package io.serverlesscontainers.policy;

import io.serverlesscontainers.policy.internal.document.RuleDocuments;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Which rule documents a policy refuses. The policy itself is asked, so that the answer is its own. */
final class RuleReading {
    private RuleReading() {}

    /**
     * The active ones that a policy of all of them uses.
     *
     * @param refused is told of the others, and why
     */
    static List<Rule> usable(List<Rule> active, BiConsumer<Rule, Problem> refused) {
        if (problems(active).isEmpty()) {
            return active;
        }
        // A problem names its rule, but not which of two of the same name: each is read by itself.
        var usable = new ArrayList<Rule>();
        for (Rule rule : active) {
            var itself = new ArrayList<Rule>();
            usable.stream().filter(it -> it.name().equals(rule.name())).forEach(itself::add);
            itself.add(rule);
            List<Problem> problems = problems(itself);
            if (problems.isEmpty()) {
                usable.add(rule);
            } else {
                refused.accept(rule, problems.get(0));
            }
        }
        return usable;
    }

    /** What would be wrong with a rule that is not active, if it were, whatever the others are. */
    static Optional<Problem> problemIfActive(Rule rule) {
        return problems(List.of(activated(rule))).stream().findFirst();
    }

    private static List<Problem> problems(List<Rule> rules) {
        var problems = new ArrayList<Problem>();
        RuleDocuments.read(rules, problems::add);
        return problems;
    }

    private static Rule activated(Rule rule) {
        return new Rule(
                rule.name(),
                rule.resource(),
                rule.condition(),
                rule.generates(),
                rule.action(),
                rule.amount(),
                rule.rescalePolicy(),
                rule.rescaleType(),
                rule.rescaleBy(),
                rule.eventsToRemove(),
                Optional.of(true),
                rule.otherFields(),
                rule.problems());
    }
}
