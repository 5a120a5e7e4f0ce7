package io.serverlesscontainers.policy.internal.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.drools.model.Model;
import org.drools.modelcompiler.KieBaseBuilder;
import org.drools.modelcompiler.constraints.ConstraintEvaluationException;
import org.kie.api.KieBase;
import org.kie.api.runtime.StatelessKieSession;
import org.kie.api.runtime.rule.ConsequenceException;

/**
 * Some rules in Drools, and the only class that knows how Drools is fed. A session remembers nothing between two calls.
 */
public final class RuleEngine {
    /** The global variable through which rules tell that they hold. */
    public static final String FIRINGS = "firings";

    private final KieBase rules;
    private final Map<String, Object> globals;

    /**
     * An engine for the rules of some models.
     *
     * @param globals what the rules may ask besides the facts, by the name of the global variable
     */
    public RuleEngine(Collection<Model> models, Map<String, Object> globals) {
        // Not kie-api, but the only way from a model in memory to a KieBase. Default options: see the benchmarks.
        this.rules = KieBaseBuilder.createKieBaseFromModel(models);
        this.globals = Map.copyOf(globals);
    }

    /**
     * Runs the rules once over some facts. What the receiver of the firings throws reaches the caller as it is.
     *
     * @param firings what the rules tell
     */
    public void run(List<?> facts, Object firings) {
        StatelessKieSession session = rules.newStatelessKieSession();
        globals.forEach(session::setGlobal);
        session.setGlobal(FIRINGS, firings);
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
