package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.store.document.Resource;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.drools.model.Global;
import org.drools.model.Index.ConstraintType;
import org.drools.model.Model;
import org.drools.model.PatternDSL;
import org.drools.model.PatternDSL.PatternDef;
import org.drools.model.Variable;
import org.drools.model.functions.Function1;
import org.drools.model.impl.ModelImpl;

/**
 * Conditions as Drools rules. A rule is a pattern over the facts of its resource, with one constraint for each
 * expression that its condition joins by {@code and}; a constraint calls the function of its expression. No source is
 * written and nothing is compiled, so that no text can become code.
 *
 * <p>Drools takes two constraints with the same identifier for the same constraint, whatever they do. So the identifier
 * of a constraint is the canonical text of its expression, and the name of its rule where the rule must be told from
 * others that have the same one.
 */
final class DocumentModel {
    private static final String PACKAGE = "io.serverlesscontainers.policy.documents";

    private final ModelImpl model = new ModelImpl(PACKAGE);

    @SuppressWarnings("rawtypes") // Drools knows globals by class.
    private final Global<Firings> firings = PatternDSL.globalOf(Firings.class, PACKAGE, RuleEngine.FIRINGS);

    DocumentModel() {
        model.addGlobal(firings);
    }

    Model model() {
        return model;
    }

    void addEventRule(EventRule rule, Logic condition, Map<String, ToDoubleFunction<ResourceState>> variables) {
        Variable<ResourceState> state = PatternDSL.declarationOf(ResourceState.class, "state");
        add(rule.name(), rule, onlyOf(rule.resource(), state, ResourceState::resource), state, condition, variables);
    }

    void addRequestRule(RequestRule rule, Logic condition, Map<String, ToDoubleFunction<EventTally>> variables) {
        Variable<EventTally> tally = PatternDSL.declarationOf(EventTally.class, "tally");
        add(rule.name(), rule, onlyOf(rule.resource(), tally, EventTally::resource), tally, condition, variables);
    }

    private static <F> PatternDef<F> onlyOf(Resource resource, Variable<F> fact, Function1<F, Resource> resourceOf) {
        return PatternDSL.pattern(fact)
                .expr(
                        "resource is " + resource,
                        it -> resourceOf.apply(it) == resource,
                        PatternDSL.alphaIndexedBy(Resource.class, ConstraintType.EQUAL, 0, resourceOf, resource));
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // The caller's fact and rule are what its firings take.
    private <F, R> void add(
            String name,
            R rule,
            PatternDef<F> pattern,
            Variable<F> fact,
            Logic condition,
            Map<String, ToDoubleFunction<F>> variables) {
        for (Logic conjunct : condition.conjuncts()) {
            constrain(pattern, name, conjunct, conjunct.bind(variables));
        }
        model.addRule(PatternDSL.rule(PACKAGE, name)
                .build(
                        pattern,
                        PatternDSL.on(fact, firings).execute((F found, Firings told) -> told.fired(found, rule))));
    }

    @SuppressWarnings({"rawtypes", "unchecked"}) // As above.
    private <F> void constrain(PatternDef<F> pattern, String name, Logic conjunct, Predicate<F> holds) {
        if (!conjunct.mayFail()) {
            pattern.expr(conjunct.toString(), holds::test);
            return;
        }
        pattern.expr(conjunct + " in " + name, firings, (F fact, Firings told) -> {
            try {
                return holds.test(fact);
            } catch (RuntimeException failure) {
                // Thrown on, it would end the evaluation of all facts without the name of the rule.
                told.failed(fact, "rule '" + name + "' failed: " + failure.getMessage());
                return false;
            }
        });
    }
}
