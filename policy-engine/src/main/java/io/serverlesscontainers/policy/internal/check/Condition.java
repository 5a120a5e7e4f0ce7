package io.serverlesscontainers.policy.internal.check;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.policy.internal.logic.EvaluationException;
import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.policy.internal.logic.LogicParser;
import io.serverlesscontainers.store.document.Direction;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The condition of a rule, and what is known of it before there are facts. Immutable. */
public final class Condition {
    private static final BigDecimal LEAST_MARGIN = BigDecimal.ONE;
    private static final BigDecimal USUAL_MARGIN = BigDecimal.TEN;

    private final Logic logic;
    private final Map<String, ToDoubleFunction<Map<Quantity, BigDecimal>>> variables = new HashMap<>();

    private Condition(Logic logic, Set<String> variables) {
        this.logic = logic;
        for (String name : variables) {
            Optional<Quantity> quantity = Quantity.ofVariable(name);
            // Signals of the kernel can be anything; in an example there are none.
            this.variables.put(
                    name,
                    facts -> quantity.map(facts::get).orElse(BigDecimal.ZERO).doubleValue());
        }
    }

    /**
     * Reads a condition.
     *
     * @param variables the names that it may use; something is known of those whose last word is {@code usage},
     *     {@code max}, …, {@code up} or {@code down}
     * @throws io.serverlesscontainers.policy.internal.logic.LogicException if it is no expression
     */
    public static Condition of(JsonNode json, Set<String> variables) {
        return new Condition(new LogicParser(variables).parse(json, JsonPointer.empty()), variables);
    }

    /** Whether it may hold: false only if it certainly never does. */
    public boolean isPossible(Known known) {
        return isPossible(List.of(logic), known);
    }

    /**
     * Why it never holds.
     *
     * @return the operands of its {@code and} that cannot hold together, none of which could be left out; empty if it
     *     {@link #isPossible}
     */
    public List<String> contradiction(Known known) {
        if (isPossible(known)) {
            return List.of();
        }
        var needed = conjuncts();
        for (Logic conjunct : List.copyOf(needed)) {
            var others = new ArrayList<>(needed);
            others.remove(conjunct);
            if (!isPossible(others, known)) {
                needed = others;
            }
        }
        return needed.stream().map(Words::of).toList();
    }

    /**
     * How many events of a direction it needs.
     *
     * @param known what is known of counts of events, so that it {@link #isPossible}
     */
    public BigDecimal leastEvents(Direction direction, Known known) {
        // Of each way the least numbers that there are: a solution is made of them.
        return ways(List.of(logic), known).stream()
                .map(way -> Differences.solve(way, LEAST_MARGIN).solution())
                .flatMap(Optional::stream)
                .map(solution -> solution.get(direction == Direction.UP ? Quantity.UP : Quantity.DOWN))
                .min(BigDecimal::compareTo)
                .orElse(BigDecimal.ZERO);
    }

    /** Facts for which it holds, if some are found. */
    public Optional<Example> example(Known known) {
        return exampleWith(this, known);
    }

    /** Facts for which it holds and another condition on the same facts does, if some are found. */
    public Optional<Example> exampleWith(Condition other, Known known) {
        for (List<Comparison> way : ways(List.of(logic, other.logic), known)) {
            Optional<Map<Quantity, BigDecimal>> facts = usual(joined(way, known.ofExamples()), known);
            if (facts.isPresent() && holdsFor(facts.get()) && other.holdsFor(facts.get())) {
                return Optional.of(new Example(
                        facts.get(),
                        Stream.concat(named(logic), named(other.logic)).toList()));
            }
        }
        return Optional.empty();
    }

    /** The canonical text: two conditions with the same text always hold together. */
    @Override
    public String toString() {
        return logic.toString();
    }

    /** The operands of {@code and}, also of one inside another, as long as there are few. */
    private List<Logic> conjuncts() {
        var flat = new ArrayList<Logic>();
        logic.conjuncts().forEach(it -> flat.addAll(it.conjuncts()));
        return flat.size() <= Logic.MOST_CONJUNCTS ? flat : new ArrayList<>(logic.conjuncts());
    }

    private static boolean isPossible(List<Logic> all, Known known) {
        return ways(all, known).stream()
                .anyMatch(way -> !Differences.solve(way, LEAST_MARGIN).isContradiction());
    }

    private static List<List<Comparison>> ways(List<Logic> all, Known known) {
        return Alternatives.all(Stream.concat(
                        Stream.of(known.alternatives()), all.stream().map(logic -> Alternatives.of(logic, true)))
                .toList());
    }

    /** Facts that keep to some comparisons, and are as usual as these allow. */
    private static Optional<Map<Quantity, BigDecimal>> usual(List<Comparison> comparisons, Known known) {
        BigDecimal margin =
                Differences.solve(comparisons, USUAL_MARGIN).solution().isPresent() ? USUAL_MARGIN : LEAST_MARGIN;
        List<Comparison> kept = comparisons;
        for (List<Comparison> usual : known.usual()) {
            List<Comparison> more = joined(kept, usual);
            if (Differences.solve(more, margin).solution().isPresent()) {
                kept = more;
            }
        }
        return Differences.solve(kept, margin).solution();
    }

    private static List<Comparison> joined(List<Comparison> some, List<Comparison> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private boolean holdsFor(Map<Quantity, BigDecimal> facts) {
        try {
            return logic.bind(variables).test(facts);
        } catch (EvaluationException noValue) {
            return false;
        }
    }

    private Stream<Quantity> named(Logic part) {
        if (part instanceof Logic.Variable variable) {
            return variable.name().filter(variables::containsKey).flatMap(Quantity::ofVariable).stream();
        }
        List<Logic> parts = part instanceof Logic.Operation operation
                ? operation.operands()
                : part instanceof Logic.Sequence sequence ? sequence.elements() : List.of();
        return parts.stream().flatMap(this::named);
    }
}
