package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.engine.Constraint;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.RuleEngine;
import io.serverlesscontainers.policy.internal.engine.Rules;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.drools.model.Model;

/**
 * Rules in DRL that look at one class of facts, and do nothing but tell that they hold.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public final class DrlRules<F, R> implements Rules<F, R> {
    private final RuleEngine engine;
    private final FactKind<F> kind;
    private final int all;
    private final Map<String, Object> globals;
    private final Optional<DrlConstraints<F>> constraints;

    /**
     * The rules of some models.
     *
     * @param engine runs them; may serve other classes of facts too
     */
    public DrlRules(RuleEngine engine, List<Model> models, FactKind<F> kind, Map<String, Object> globals) {
        this.engine = engine;
        this.kind = kind;
        this.globals = globals;
        this.all = models.stream().mapToInt(model -> model.getRules().size()).sum();
        this.constraints = DrlConstraints.of(models, kind, globals);
    }

    @Override
    public FactKind<F> kind() {
        return kind;
    }

    @Override
    public int count() {
        return constraints.map(known -> known.rules().size()).orElse(all);
    }

    @Override
    public Optional<List<Constraint<F>>> constraints() {
        return constraints.map(DrlConstraints::distinct);
    }

    @Override
    public List<RuleExplanation> explain(F fact) {
        return constraints
                .map(all -> new DrlExplainer<>(kind, globals, all.rules()).explain(fact))
                .orElse(List.of());
    }

    @Override
    public void run(List<F> facts, Firings<F, R> firings) {
        engine.run(facts, firings);
    }
}
