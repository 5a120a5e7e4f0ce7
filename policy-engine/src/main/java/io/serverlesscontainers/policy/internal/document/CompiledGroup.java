package io.serverlesscontainers.policy.internal.document;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.engine.Constraint;
import io.serverlesscontainers.policy.internal.engine.Constraints;
import io.serverlesscontainers.policy.internal.engine.RuleEngine;
import io.serverlesscontainers.policy.internal.logic.FactCondition;
import io.serverlesscontainers.policy.internal.logic.Parameters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.drools.model.Global;
import org.drools.model.PatternDSL;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Variable;
import org.drools.model.impl.ModelImpl;

/**
 * A {@link RuleGroup} as Drools rules. A rule is a pattern over the facts, with one constraint for each expression that
 * its condition joins by {@code and}; a constraint calls the function of its expression. No source is written and nothing
 * is compiled, so that no text can become code.
 *
 * <p>Serves every group of the same shape, one at a time: {@link #load} says which. For one thread at a time.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class CompiledGroup<F, R> {
    private static final String PACKAGE = "io.serverlesscontainers.policy.documents";

    private final Object shape;
    private final Parameters parameters = new Parameters();
    private final Map<String, Predicate<F>> tests = new HashMap<>();
    private final List<Constraint<F>> constraints = new ArrayList<>();
    private final RuleEngine engine;
    private List<R> rules = List.of();
    private RuleGroup<F, R> loaded;

    CompiledGroup(RuleGroup<F, R> group) {
        shape = group.shape();
        for (RuleGroup.Constraint each : group.constraints()) {
            FactCondition<F> condition = each.shape().bind(group.variables(), parameters);
            tests.put(each.id(), condition.test());
            constraints.add(Constraints.of(condition));
        }
        engine = new RuleEngine(List.of(model(group)), Map.of());
    }

    boolean serves(RuleGroup<F, R> group) {
        return shape.equals(group.shape());
    }

    /** Takes the numbers of a group that it serves, and what its rules bring forth. */
    void load(RuleGroup<F, R> group) {
        if (loaded != group) {
            loaded = group;
            parameters.set(group.numbers());
            rules = group.members().stream().map(RuleGroup.Member::rule).toList();
        }
    }

    List<Constraint<F>> constraints() {
        return constraints;
    }

    void run(List<F> facts, Firings<F, R> firings) {
        engine.run(facts, firings);
    }

    @SuppressWarnings("rawtypes") // Drools knows globals by class.
    private ModelImpl model(RuleGroup<F, R> group) {
        var model = new ModelImpl(PACKAGE);
        Global<Firings> firings = PatternDSL.globalOf(Firings.class, PACKAGE, RuleEngine.FIRINGS);
        model.addGlobal(firings);
        List<RuleGroup.Member<R>> members = group.members();
        for (int i = 0; i < members.size(); i++) {
            addRule(model, group, members.get(i), i, firings);
        }
        return model;
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // The group's facts and rules are what its firings take.
    private void addRule(
            ModelImpl model, RuleGroup<F, R> group, RuleGroup.Member<R> member, int index, Global<Firings> firings) {
        Variable<F> fact = PatternDSL.declarationOf(group.kind().type(), "fact");
        PatternDef<F> pattern = PatternDSL.pattern(fact);
        for (RuleGroup.Constraint constraint : member.constraints()) {
            Predicate<F> test = tests.get(constraint.id());
            if (constraint.mayFail()) {
                pattern.expr(
                        constraint.id(), firings, (F found, Firings told) -> holds(test, found, member.name(), told));
            } else {
                pattern.expr(constraint.id(), test::test);
            }
        }
        model.addRule(PatternDSL.rule(PACKAGE, member.name())
                .build(
                        pattern,
                        PatternDSL.on(fact, firings)
                                .execute((F found, Firings told) -> told.fired(found, rules.get(index)))));
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // As above.
    private static <F> boolean holds(Predicate<F> test, F fact, String rule, Firings told) {
        try {
            return test.test(fact);
        } catch (RuntimeException failure) {
            // Thrown on, it would end the evaluation of all facts without the name of the rule.
            told.failed(fact, "rule '" + rule + "' failed: " + failure.getMessage());
            return false;
        }
    }
}
