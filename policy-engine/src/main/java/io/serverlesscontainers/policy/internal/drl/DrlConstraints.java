package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.policy.internal.engine.Constraint;
import io.serverlesscontainers.policy.internal.engine.Constraints;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.engine.Variable;
import io.serverlesscontainers.policy.internal.logic.FactCondition.Comparison;
import io.serverlesscontainers.policy.internal.logic.Operator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.drools.model.Condition.Type;
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

    private DrlConstraints(FactKind<F> kind, Map<String, Object> globals) {
        this.kind = kind;
        this.globals = globals;
    }

    /**
     * What the rules that look at one kind of facts ask of them; empty if a rule looks at more than one fact, or asks
     * something that is no test of the fact and a global variable alone.
     */
    static <F> Optional<List<Constraint<F>>> of(List<Model> models, FactKind<F> kind, Map<String, Object> globals) {
        var constraints = new DrlConstraints<>(kind, globals);
        boolean allKnown =
                models.stream().flatMap(model -> model.getRules().stream()).allMatch(constraints::addAll);
        return allKnown ? Optional.of(List.copyOf(constraints.found.values())) : Optional.empty();
    }

    private boolean addAll(Rule rule) {
        List<org.drools.model.Pattern<?>> patterns = patterns(rule).toList();
        boolean looksAtOneFact = patterns.size() == 1
                && rule.getView().getSubConditions().stream()
                        .allMatch(it -> it instanceof org.drools.model.Pattern || it.getType() == Type.CONSEQUENCE);
        return looksAtOneFact
                && (patterns.get(0).getPatternVariable().getType() != kind.type()
                        || add(patterns.get(0).getConstraint()));
    }

    /** How many of the rules look at a kind of facts. */
    static int count(List<Model> models, FactKind<?> kind) {
        return (int) models.stream()
                .flatMap(model -> model.getRules().stream())
                .filter(rule ->
                        patterns(rule).anyMatch(it -> it.getPatternVariable().getType() == kind.type()))
                .count();
    }

    private static Stream<org.drools.model.Pattern<?>> patterns(Rule rule) {
        return rule.getView().getSubConditions().stream()
                .filter(org.drools.model.Pattern.class::isInstance)
                .map(it -> (org.drools.model.Pattern<?>) it);
    }

    private boolean add(org.drools.model.Constraint constraint) {
        if (constraint instanceof SingleConstraint single) {
            Optional<Constraint<F>> asked = comparison(single).or(() -> predicate(single));
            asked.ifPresent(it -> found.put(single.getExprId(), it));
            return asked.isPresent();
        }
        boolean isConjunction = constraint.getType() == org.drools.model.Constraint.Type.AND
                || constraint.getType() == org.drools.model.Constraint.Type.MULTIPLE;
        return isConjunction && constraint.getChildren().stream().allMatch(this::add);
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
