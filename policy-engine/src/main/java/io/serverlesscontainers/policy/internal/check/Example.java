package io.serverlesscontainers.policy.internal.check;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Facts for which conditions hold; they were evaluated. Immutable. The text form tells the facts that matter. */
public final class Example {
    private final Map<Quantity, BigDecimal> facts;
    private final Set<Quantity> telling;

    /**
     * Of some facts.
     *
     * @param telling those that matter; usage and counts do in any case
     */
    Example(Map<Quantity, BigDecimal> facts, Collection<Quantity> telling) {
        this.facts = new EnumMap<>(facts);
        this.telling = EnumSet.of(Quantity.USAGE, Quantity.UP, Quantity.DOWN);
        this.telling.addAll(telling);
    }

    /** What a variable is; 0 for one of which nothing is known. */
    public double value(String variable) {
        return Quantity.ofVariable(variable)
                .map(facts::get)
                .orElse(BigDecimal.ZERO)
                .doubleValue();
    }

    @Override
    public String toString() {
        return facts.entrySet().stream()
                .filter(fact -> telling.contains(fact.getKey()))
                .map(fact -> fact.getKey().word() + " "
                        + fact.getValue().stripTrailingZeros().toPlainString())
                .collect(Collectors.joining(", "));
    }
}
