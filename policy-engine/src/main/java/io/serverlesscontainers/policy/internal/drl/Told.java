package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What rules tell in one window, held back until the window is through. Rules see it as their {@code firings}; that it is
 * what a policy may tell is checked here, because rules know nothing of type parameters.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
final class Told<F, R> implements Firings<Object, Object> {
    private final RuleKind<F, R> kind;
    private final List<F> window;
    private final Map<Object, Set<R>> fired = new IdentityHashMap<>();
    private final List<Failure<F>> failures = new ArrayList<>();

    private record Failure<F>(F fact, String sentence) {}

    /**
     * With nothing told yet.
     *
     * @param window the facts; at least one
     */
    Told(RuleKind<F, R> kind, List<F> window) {
        this.kind = kind;
        this.window = window;
        window.forEach(fact -> fired.put(fact, Set.of()));
    }

    /**
     * A rule holds for a fact.
     *
     * @throws IllegalArgumentException if it cannot: it is thrown in the rule, and so becomes the rule's failure
     */
    @Override
    public void fired(Object fact, Object rule) {
        Set<R> rules = fired.get(fact);
        if (rules == null) {
            throw new IllegalArgumentException(
                    "it fired for " + fact + ", a " + kind.fact().getSimpleName() + " of this window is needed");
        }
        if (!kind.rule().isInstance(rule)) {
            throw new IllegalArgumentException("it fired " + rule + " for a "
                    + kind.fact().getSimpleName() + ", an " + kind.rule().getSimpleName() + " is needed");
        }
        R told = kind.rule().cast(rule);
        F known = kind.fact().cast(fact);
        if (kind.ruleResource().apply(told) != kind.resourceOf(known)) {
            throw new IllegalArgumentException("it fired " + told + " for " + kind.resourceOf(known));
        }
        if (rules.isEmpty()) {
            rules = new LinkedHashSet<>(2);
            fired.put(fact, rules);
        }
        rules.add(told);
    }

    @Override
    public void failed(Object fact, String sentence) {
        F known = fired.containsKey(fact) ? kind.fact().cast(fact) : window.get(0);
        failures.add(new Failure<>(known, sentence));
    }

    /** Reports a failure at the first of some objects that is a fact of the window. */
    void failedAtOneOf(List<?> objects, String sentence) {
        failed(objects.stream().filter(fired::containsKey).findFirst().orElse(null), sentence);
    }

    /** Tells everything, in the order of the facts. */
    void tell(Firings<F, R> firings) {
        for (F fact : window) {
            fired.get(fact).forEach(rule -> firings.fired(fact, rule));
        }
        failures.forEach(failure -> firings.failed(failure.fact(), failure.sentence()));
    }
}
