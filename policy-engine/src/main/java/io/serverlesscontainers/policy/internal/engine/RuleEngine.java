package io.serverlesscontainers.policy.internal.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.drools.model.Model;
import org.drools.modelcompiler.KieBaseBuilder;
import org.drools.modelcompiler.constraints.ConstraintEvaluationException;
import org.kie.api.KieBase;
import org.kie.api.KieBaseConfiguration;
import org.kie.api.KieServices;
import org.kie.api.conf.KieBaseMutabilityOption;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.KieSessionConfiguration;
import org.kie.api.runtime.KieSessionsPool;
import org.kie.api.runtime.conf.ThreadSafeOption;
import org.kie.api.runtime.rule.ConsequenceException;

/**
 * Some rules in Drools that look at one fact each, and the only class that knows how Drools is fed with such. A session
 * is emptied after each call and goes back to the pool; it remembers nothing.
 *
 * <p>Used by one thread at a time: sessions do not lock, and a rule passes what it tells through an array of its own,
 * which keeps the last of it. Rules and sessions belong to one engine alone, so two engines may run side by side.
 */
public final class RuleEngine {
    /** The global variable through which rules tell that they hold. */
    public static final String FIRINGS = "firings";

    // To make either costs Drools a look at files and properties; nothing changes them afterwards.
    private static final KieBaseConfiguration UNCHANGING_RULES = unchangingRules();
    private static final KieSessionConfiguration ONE_THREAD = oneThread();

    private final KieSessionsPool sessions;
    private final Map<String, Object> globals;

    /**
     * An engine for the rules of some models.
     *
     * @param globals what the rules may ask besides the facts, by the name of the global variable
     */
    public RuleEngine(Collection<Model> models, Map<String, Object> globals) {
        // Not kie-api, but the only way from a model in memory to a KieBase.
        KieBase rules = KieBaseBuilder.createKieBaseFromModel(models, UNCHANGING_RULES);
        this.sessions = rules.newKieSessionsPool(1);
        this.globals = Map.copyOf(globals);
    }

    /** Rules that cannot change later let go of a fact at once if it matches none of them. */
    private static KieBaseConfiguration unchangingRules() {
        KieBaseConfiguration configuration = KieServices.get().newKieBaseConfiguration();
        configuration.setOption(KieBaseMutabilityOption.DISABLED);
        return configuration;
    }

    /** No locks, and no queue before the rules. */
    private static KieSessionConfiguration oneThread() {
        KieSessionConfiguration configuration = KieServices.get().newKieSessionConfiguration();
        configuration.setOption(ThreadSafeOption.NO);
        return configuration;
    }

    /**
     * Runs the rules once over some facts. A session costs more per fact the more it holds, and keeps a table as large as
     * the most that it has ever held: large windows are better run in portions. What the receiver of the firings throws
     * reaches the caller as it is.
     *
     * @param firings what the rules tell
     */
    public void run(List<?> facts, Object firings) {
        KieSession session = sessions.newKieSession(ONE_THREAD);
        try {
            globals.forEach(session::setGlobal);
            session.setGlobal(FIRINGS, firings);
            for (Object fact : facts) {
                session.insert(fact);
            }
            session.fireAllRules();
        } catch (ConsequenceException wrapped) {
            throw unwrapped(wrapped, 1);
        } catch (ConstraintEvaluationException wrapped) {
            throw unwrapped(wrapped, 2);
        } finally {
            session.dispose();
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
