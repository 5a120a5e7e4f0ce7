package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.policy.internal.engine.Constraint;
import io.serverlesscontainers.policy.internal.engine.Constraints;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.Variable;
import io.serverlesscontainers.policy.internal.logic.FactCondition.Comparison;
import io.serverlesscontainers.policy.internal.logic.Operator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.drools.model.Condition;
import org.drools.model.Global;
import org.drools.model.Model;
import org.drools.model.Rule;
import org.drools.model.SingleConstraint;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;

/**
 * Finds out what compiled rules ask of a fact.
 *
 * @param <F> the facts
 */
final class DrlConstraints<F> {
    private static final Pattern COMPARISON = Pattern.compile("(\\w+) (<|<=|>|>=|==|!=) (\\w+)");

    private final FactKind<F> kind;
    private final Map<String, Object> globals;
    private final Map<String, Constraint<F>> found = new LinkedHashMap<>();
    private final List<WrittenRule<F>> rules = new ArrayList<>();

    private DrlConstraints(FactKind<F> kind, Map<String, Object> globals) {
        this.kind = kind;
        this.globals = globals;
    }

    /**
     * A constraint as it is written in a rule.
     *
     * @param text its source
     * @param constraint what came of it
     * @param <F> the facts
     */
    record Written<F>(String text, Constraint<F> constraint) {}

    /**
     * A rule as it is written.
     *
     * @param name its name; two packages may each have a rule of that name
     * @param constraints what must hold, in the order of the text
     * @param <F> the facts
     */
    record WrittenRule<F>(String name, List<Written<F>> constraints) {}

    /**
     * What the rules that look at one kind of facts ask of them; empty if a rule looks at more than one fact, or asks
     * something that is no test of the fact and a global variable alone.
     */
    static <F> Optional<DrlConstraints<F>> of(List<Model> models, FactKind<F> kind, Map<String, Object> globals) {
        var constraints = new DrlConstraints<>(kind, globals);
        boolean allKnown =
                models.stream().flatMap(model -> model.getRules().stream()).allMatch(constraints::addAll);
        return allKnown ? Optional.of(constraints) : Optional.empty();
    }

    /** Each one once, whatever rules share it. */
    List<Constraint<F>> distinct() {
        return List.copyOf(found.values());
    }

    /** Each rule with what must hold for it. */
    List<WrittenRule<F>> rules() {
        return rules;
    }

    private boolean addAll(Rule rule) {
        List<Condition> conditions = rule.getView().getSubConditions().stream()
                .filter(condition -> condition.getType() != Condition.Type.CONSEQUENCE)
                .toList();
        if (conditions.size() != 1 || !(conditions.get(0) instanceof org.drools.model.Pattern<?> pattern)) {
            return false;
        }
        if (pattern.getPatternVariable().getType() != kind.type()) {
            return true;
        }
        var written = new ArrayList<Written<F>>();
        rules.add(new WrittenRule<>(rule.getName(), written));
        return add(pattern.getConstraint(), written);
    }

    private boolean add(org.drools.model.Constraint constraint, List<Written<F>> written) {
        if (constraint instanceof SingleConstraint single) {
            Optional<Constraint<F>> asked = comparison(single).or(() -> predicate(single));
            asked.ifPresent(it -> {
                found.put(single.getExprId(), it);
                written.add(new Written<>(single.predicateInformation().getStringConstraint(), it));
            });
            return asked.isPresent();
        }
        boolean isConjunction = constraint.getType() == org.drools.model.Constraint.Type.AND
                || constraint.getType() == org.drools.model.Constraint.Type.MULTIPLE;
        return isConjunction && constraint.getChildren().stream().allMatch(child -> add(child, written));
    }

    /** A constraint whose text compares two numbers of the fact; the compiler leaves the text in the rule. */
    private Optional<Constraint<F>> comparison(SingleConstraint single) {
        Matcher text = COMPARISON.matcher(single.predicateInformation().getStringConstraint());
        if (single.getVariables().length != 1 || !text.matches()) {
            return Optional.empty();
        }
        Optional<? extends Variable<F>> left = kind.variable(text.group(1));
        Optional<? extends Variable<F>> right = kind.variable(text.group(3));
        if (left.isEmpty() || right.isEmpty()) {
            return Optional.empty();
        }
        Operator operator = Operator.ofSymbol(text.group(2)).orElseThrow();
        return Optional.of(Constraints.of(new Comparison<>(operator, left.get(), right.get())));
    }

    @SuppressWarnings("unchecked") // The predicates take the facts of the pattern that they stand in.
    private Optional<Constraint<F>> predicate(SingleConstraint single) {
        org.drools.model.Variable<?>[] variables = single.getVariables();
        if (variables.length == 1) {
            return Optional.of(Constraints.of((Predicate1<F>) single.getPredicate1()));
        }
        if (variables.length == 2 && variables[1] instanceof Global<?> global) {
            return Optional.of(
                    Constraints.of((Predicate2<F, Object>) single.getPredicate2(), globals.get(global.getName())));
        }
        return Optional.empty();
    }
}
