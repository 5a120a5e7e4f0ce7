package io.serverlesscontainers.policy.internal.document;

import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.policy.internal.logic.Lifted;
import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The rules of one resource that look at the same kind of facts. Its {@linkplain #shape() shape} is what has to be
 * compiled. The numbers in conditions and what a rule brings forth are no part of it: they may change, and all that was
 * compiled stays. Filled by one thread, and not changed afterwards.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public final class RuleGroup<F, R> {
    private final FactKind<F> kind;
    private final Resource resource;
    private final Map<String, ToDoubleFunction<F>> variables;
    private final Map<String, Constraint> constraints = new LinkedHashMap<>();
    private final List<Member<R>> members = new ArrayList<>();
    private final List<Double> numbers = new ArrayList<>();

    RuleGroup(FactKind<F> kind, Resource resource) {
        this.kind = kind;
        this.resource = resource;
        this.variables = kind.variablesOf(resource);
    }

    /**
     * Something that a rule asks.
     *
     * @param id the same for the same question only; Drools takes two constraints with one id for one constraint
     * @param shape the expression, its numbers taken out where that is possible
     * @param mayFail whether there are facts for which it has no value; then it belongs to one rule alone, to name it
     */
    record Constraint(String id, Logic shape, boolean mayFail) {}

    /**
     * A rule of the group.
     *
     * @param name the rule's name
     * @param condition as it is in the document
     * @param constraints what must all hold
     * @param rule what is told when they do
     * @param <R> its class
     */
    record Member<R>(String name, Logic condition, List<Constraint> constraints, R rule) {}

    /** What a condition of the group may read, by path. */
    Map<String, ToDoubleFunction<F>> variables() {
        return variables;
    }

    void add(String name, Logic condition, R rule) {
        var asked = new ArrayList<Constraint>();
        for (Logic conjunct : condition.conjuncts()) {
            String rulesOwn = conjunct.mayFail() ? " in " + name : "";
            asked.add(constraints.computeIfAbsent(conjunct + rulesOwn, text -> constraint(conjunct, rulesOwn)));
        }
        members.add(new Member<>(name, condition, List.copyOf(asked), rule));
    }

    private Constraint constraint(Logic conjunct, String rulesOwn) {
        Logic shape = conjunct;
        if (conjunct.isNumeric(variables)) {
            Lifted lifted = conjunct.lift(numbers.size());
            numbers.addAll(lifted.numbers());
            shape = lifted.shape();
        }
        return new Constraint(shape + rulesOwn, shape, conjunct.mayFail());
    }

    FactKind<F> kind() {
        return kind;
    }

    /** The resource whose facts the rules look at. */
    public Resource resource() {
        return resource;
    }

    List<Constraint> constraints() {
        return List.copyOf(constraints.values());
    }

    List<Member<R>> members() {
        return Collections.unmodifiableList(members);
    }

    double[] numbers() {
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Equal to that of another group exactly if the same compiled rules serve both. */
    Object shape() {
        var shape = new ArrayList<Object>();
        members.forEach(member -> {
            shape.add(member.name());
            shape.add(member.constraints().stream().map(Constraint::id).toList());
        });
        return List.of(kind.type(), resource, shape);
    }
}
