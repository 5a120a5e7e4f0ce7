package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.Evaluation;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The reference: every fact goes through the rule engine.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class RuleSessions<F, R> implements Evaluators<F, R> {
    private final FactKind<F> kind;
    private final Map<Resource, RuleSession<F, R>> sessions = new EnumMap<>(Resource.class);
    // The same by ordinal, for the look-up that each fact costs.
    private final List<RuleSession<F, R>> byOrdinal = new ArrayList<>();

    RuleSessions(FactKind<F> kind, Map<Resource, ? extends Rules<F, R>> rules) {
        this.kind = kind;
        rules.forEach((resource, each) -> sessions.put(resource, new RuleSession<>(each)));
        for (Resource resource : Resource.values()) {
            byOrdinal.add(sessions.get(resource));
        }
    }

    @Override
    public Set<Resource> resources() {
        return Collections.unmodifiableSet(sessions.keySet());
    }

    @Override
    public Stream<Evaluation> evaluations() {
        return sessions.entrySet().stream().map(each -> each.getValue().evaluation(each.getKey()));
    }

    @Override
    public List<RuleExplanation> explain(F fact) {
        RuleSession<F, R> session = of(fact);
        return session == null ? List.of() : session.rules().explain(fact);
    }

    @Override
    public void run(List<F> facts, Firings<F, R> firings) {
        begin(firings);
        facts.forEach(this::add);
        end();
    }

    /** See {@link RuleSession#begin}. */
    void begin(Firings<F, R> firings) {
        sessions.values().forEach(session -> session.begin(firings));
    }

    /** See {@link RuleSession#add}; a fact of a resource without rules is ignored. */
    void add(F fact) {
        RuleSession<F, R> session = of(fact);
        if (session != null) {
            session.add(fact);
        }
    }

    /** See {@link RuleSession#end}. */
    void end() {
        sessions.values().forEach(RuleSession::end);
    }

    /** The session of a resource that has rules. */
    RuleSession<F, R> of(Resource resource) {
        return sessions.get(resource);
    }

    private RuleSession<F, R> of(F fact) {
        return byOrdinal.get(kind.resource().apply(fact).ordinal());
    }
}
