package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.engine.RuleEngine;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.ConsequenceException;

/**
 * Runs {@link TrustedRules} over all facts of a window in one session, which ends with the window. For one thread at a
 * time.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public final class WholeWindow<F, R> {
    private final TrustedRules rules;
    private final RuleKind<F, R> kind;

    /** Rules, of which those are of interest that look at one kind of facts. */
    public WholeWindow(TrustedRules rules, RuleKind<F, R> kind) {
        this.rules = rules;
        this.kind = kind;
    }

    /** Tells, for each fact, the rules that hold. What the receiver throws reaches the caller. */
    public void run(List<F> facts, Firings<F, R> firings) {
        if (!facts.isEmpty()) {
            told(facts).tell(firings);
        }
    }

    private Told<F, R> told(List<F> facts) {
        var told = new Told<>(kind, facts);
        try {
            fire(rules.names(), told, facts);
            return told;
        } catch (RuntimeException condition) {
            return withoutTheGuilty(facts, why(condition));
        }
    }

    /** The window once more: a condition that threw leaves a session in no state to go on in. */
    private Told<F, R> withoutTheGuilty(List<F> facts, String why) {
        Map<String, String> guilty = guilty(facts);
        var innocent = new LinkedHashSet<>(rules.names());
        innocent.removeAll(guilty.keySet());
        var told = new Told<>(kind, facts);
        try {
            fire(innocent, told, facts);
            guilty.forEach((rule, its) -> told.failedAtOneOf(List.of(), sentence(rule, its)));
            return told;
        } catch (RuntimeException together) {
            // No rule fails alone: one stumbles over what another one inserts.
            var nothing = new Told<>(kind, facts);
            nothing.failedAtOneOf(List.of(), "no rule was evaluated, one of " + rules.names() + " failed: " + why);
            return nothing;
        }
    }

    /** The rules whose conditions throw, each tried alone, and why. No consequence is run. */
    private Map<String, String> guilty(List<F> facts) {
        var guilty = new LinkedHashMap<String, String>();
        for (String rule : rules.names()) {
            KieSession session = rules.session(Set.of(rule));
            try {
                facts.forEach(session::insert);
                session.fireAllRules(match -> false);
            } catch (RuntimeException failure) {
                guilty.put(rule, why(failure));
            } finally {
                session.dispose();
            }
        }
        return guilty;
    }

    /** Fires the rules. Only what a condition throws gets out. */
    private void fire(Set<String> some, Told<F, R> told, List<F> facts) {
        KieSession session = rules.session(some);
        try {
            session.setGlobal(RuleEngine.FIRINGS, told);
            facts.forEach(session::insert);
            while (failedConsequence(session, told)) {
                // The match that failed is off the agenda; the others are still on it.
            }
        } finally {
            session.dispose();
        }
    }

    private boolean failedConsequence(KieSession session, Told<F, R> told) {
        try {
            session.fireAllRules();
            return false;
        } catch (ConsequenceException failure) {
            told.failedAtOneOf(
                    failure.getMatch().getObjects(),
                    sentence(failure.getMatch().getRule().getName(), why(failure)));
            return true;
        }
    }

    private static String sentence(String rule, String why) {
        return "rule '" + rule + "' failed: " + why;
    }

    /** What the innermost cause says; Drools wraps it in one to three layers. */
    private static String why(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
