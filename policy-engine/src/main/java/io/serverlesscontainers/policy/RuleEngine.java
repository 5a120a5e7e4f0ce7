package io.serverlesscontainers.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.drools.model.Model;
import org.drools.modelcompiler.KieBaseBuilder;
import org.drools.modelcompiler.constraints.ConstraintEvaluationException;
import org.kie.api.KieBase;
import org.kie.api.runtime.StatelessKieSession;
import org.kie.api.runtime.rule.ConsequenceException;

/**
 * One set of rules in Drools, and the only class that knows how Drools is fed. A session remembers nothing between two
 * calls, and takes the facts of a window in chunks: its cost per fact grows with what it holds.
 */
final class RuleEngine {
    /** The global variable through which rules tell that they hold. */
    static final String FIRINGS = "firings";

    private static final int CHUNK = 1_000;

    private final KieBase rules;
    private final Map<String, Object> globals;

    /**
     * An engine for the rules of some models.
     *
     * @param globals what the rules may ask besides the facts, by the name of the global variable
     */
    RuleEngine(Collection<Model> models, Map<String, Object> globals) {
        // Not kie-api, but the only way from a model in memory to a KieBase. Default options: see the benchmarks.
        this.rules = KieBaseBuilder.createKieBaseFromModel(models);
        this.globals = Map.copyOf(globals);
    }

    /**
     * Runs the rules once over some facts.
     *
     * @param concerned which of them the rules are to see
     * @param firings what the rules tell
     */
    <F> void run(List<F> facts, Predicate<F> concerned, Object firings) {
        StatelessKieSession session = rules.newStatelessKieSession();
        globals.forEach(session::setGlobal);
        session.setGlobal(FIRINGS, firings);
        var chunk = new ArrayList<F>(Math.min(facts.size(), CHUNK));
        for (F fact : facts) {
            if (concerned.test(fact)) {
                chunk.add(fact);
                if (chunk.size() == CHUNK) {
                    execute(session, chunk);
                    chunk.clear();
                }
            }
        }
        if (!chunk.isEmpty()) {
            execute(session, chunk);
        }
    }

    /** What the receiver of the firings throws reaches the caller as it is. */
    private static void execute(StatelessKieSession session, Iterable<?> facts) {
        try {
            session.execute(facts);
        } catch (ConsequenceException wrapped) {
            throw unwrapped(wrapped, 1);
        } catch (ConstraintEvaluationException wrapped) {
            throw unwrapped(wrapped, 2);
        }
    }

    private static RuntimeException unwrapped(RuntimeException wrapped, int layers) {
        Throwable inside = wrapped;
        for (int layer = 0; layer < layers && inside.getCause() != null; layer++) {
            inside = inside.getCause();
        }
        return inside instanceof RuntimeException thrown ? thrown : wrapped;
    }
}
