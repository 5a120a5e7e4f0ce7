package io.serverlesscontainers.policy.internal.document;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.engine.Constraint;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.Rules;
import java.util.List;
import java.util.Optional;

/**
 * A group and the compiled rules that serve it; other groups of the same shape may have the same ones.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public final class LoadedGroup<F, R> implements Rules<F, R> {
    private final RuleGroup<F, R> group;
    private final CompiledGroup<F, R> compiled;

    private LoadedGroup(RuleGroup<F, R> group, CompiledGroup<F, R> compiled) {
        this.group = group;
        this.compiled = compiled;
    }

    /** The group with rules compiled for it. */
    public static <F, R> LoadedGroup<F, R> compile(RuleGroup<F, R> group) {
        return new LoadedGroup<>(group, new CompiledGroup<>(group));
    }

    /** Another group, with the rules compiled for this one if they serve it, else with its own. */
    LoadedGroup<F, R> replacedBy(RuleGroup<F, R> next) {
        return compiled.serves(next) ? new LoadedGroup<>(next, compiled) : compile(next);
    }

    /** Whether the same compiled rules serve both, so that nothing was compiled for one of them. */
    boolean sharesRulesWith(LoadedGroup<?, ?> other) {
        return compiled == other.compiled;
    }

    @Override
    public FactKind<F> kind() {
        return group.kind();
    }

    @Override
    public int count() {
        return group.members().size();
    }

    @Override
    public Optional<List<Constraint<F>>> constraints() {
        return Optional.of(compiled.constraints());
    }

    @Override
    public List<RuleExplanation> explain(F fact) {
        return new GroupExplainer<>(group).explain(fact);
    }

    @Override
    public void prepare() {
        compiled.load(group);
    }

    @Override
    public void run(List<F> facts, Firings<F, R> firings) {
        compiled.run(facts, firings);
    }
}
