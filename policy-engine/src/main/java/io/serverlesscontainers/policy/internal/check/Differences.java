package io.serverlesscontainers.policy.internal.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Comparisons that are to hold together, as a system of difference constraints: each bounds {@code x − y}, so together
 * they are a graph whose edges are the bounds, and they contradict each other exactly if some cycle of it is negative
 * (R. Bellman, 1958; shortest paths as of R. Floyd, 1962).
 *
 * <p>Two things go beyond the textbook. The usage is the one quantity that need not be whole, so it is eliminated first
 * (Fourier and Motzkin: {@code x − usage ≤ a} and {@code usage − y ≤ b} give {@code x − y ≤ a + b}); the bounds that are
 * left are on whole numbers, and rounded. And bounds may depend on the margin, which is the same for all: it starts at
 * the least one, and a negative cycle {@code offset + margins × margin} either stays negative for all greater margins,
 * which is a contradiction, or says how great the margin must be. So the answer is exact.
 */
final class Differences {
    /** More of any resource than a machine has; the Guardian refuses limits and boundaries beyond it. */
    static final BigDecimal GREATEST = BigDecimal.valueOf(1_000_000_000_000L);

    // Each round but the last rules out a cycle for good; real conditions take two or three.
    private static final int MOST_ROUNDS = 100;
    /** How many quantities are whole, and the place of the one that need not be. */
    private static final int WHOLE = Quantity.USAGE.ordinal();

    private final List<Comparison> comparisons;
    private final BigDecimal margin;
    private final Bound[][] most = new Bound[WHOLE + 1][WHOLE + 1];

    private Differences(List<Comparison> comparisons, BigDecimal margin) {
        this.comparisons = comparisons;
        this.margin = margin;
    }

    /**
     * What is known of a system.
     *
     * @param isContradiction whether it has no solution
     * @param solution one with the least margin, and with the least number for each quantity that this margin allows;
     *     empty if there is none, or none was found in a bounded time
     */
    record Answer(boolean isContradiction, Optional<Map<Quantity, BigDecimal>> solution) {}

    /**
     * Solves a system in which each quantity except the usage has a lower bound.
     *
     * @param leastMargin the least margin to look at; whole
     */
    static Answer solve(List<Comparison> comparisons, BigDecimal leastMargin) {
        BigDecimal margin = leastMargin;
        for (int round = 0; round < MOST_ROUNDS && margin.compareTo(GREATEST) <= 0; round++) {
            var system = new Differences(comparisons, margin);
            Optional<Bound> negative = system.negativeCycle();
            if (negative.isEmpty()) {
                return new Answer(false, Optional.of(system.solution()));
            }
            Bound cycle = negative.get();
            if (cycle.margins() <= 0) {
                return new Answer(true, Optional.empty());
            }
            margin = cycle.offset().negate().divide(BigDecimal.valueOf(cycle.margins()), 0, RoundingMode.CEILING);
        }
        return new Answer(margin.compareTo(GREATEST) > 0, Optional.empty());
    }

    private Optional<Bound> negativeCycle() {
        comparisons.forEach(
                it -> tighten(it.less().base().ordinal(), it.greater().base().ordinal(), it.bound()));
        eliminateUsage();
        for (int i = 0; i < WHOLE; i++) {
            for (int j = 0; j < WHOLE; j++) {
                most[i][j] = most[i][j] == null ? null : most[i][j].ofWhole();
            }
            if (isNegative(i)) {
                return Optional.of(most[i][i]);
            }
        }
        for (int via = 0; via < WHOLE; via++) {
            for (int i = 0; i < WHOLE; i++) {
                for (int j = 0; j < WHOLE; j++) {
                    if (most[i][via] != null && most[via][j] != null) {
                        tighten(i, j, most[i][via].plus(most[via][j]));
                    }
                }
                if (isNegative(i)) {
                    return Optional.of(most[i][i]);
                }
            }
        }
        return Optional.empty();
    }

    private boolean isNegative(int i) {
        return most[i][i] != null && most[i][i].at(margin).signum() < 0;
    }

    private void eliminateUsage() {
        for (int i = 0; i < WHOLE; i++) {
            for (int j = 0; j < WHOLE; j++) {
                if (most[i][WHOLE] != null && most[WHOLE][j] != null) {
                    tighten(i, j, most[i][WHOLE].plus(most[WHOLE][j]));
                }
            }
        }
        // The usage less itself is a whole number as well.
        if (most[WHOLE][WHOLE] != null) {
            tighten(0, 0, most[WHOLE][WHOLE]);
        }
    }

    private void tighten(int i, int j, Bound bound) {
        if (most[i][j] == null || bound.isTighterThan(most[i][j], margin)) {
            most[i][j] = bound;
        }
    }

    /** The shortest path from zero to a quantity is the opposite of the least number that it can be. */
    private Map<Quantity, BigDecimal> solution() {
        var solution = new EnumMap<Quantity, BigDecimal>(Quantity.class);
        for (Quantity quantity : Quantity.values()) {
            if (quantity.ordinal() < WHOLE && most[0][quantity.ordinal()] != null) {
                solution.put(quantity, most[0][quantity.ordinal()].at(margin).negate());
            }
        }
        solution.put(Quantity.ZERO, BigDecimal.ZERO);
        if (solution.containsKey(Quantity.CURRENT)) {
            BigDecimal upper = solution.get(Quantity.CURRENT).subtract(margin);
            solution.put(Quantity.UPPER, upper);
            solution.put(Quantity.LOWER, upper.subtract(margin));
        }
        usage(solution).ifPresent(it -> solution.put(Quantity.USAGE, it));
        return solution;
    }

    /** A usage between its bounds, a whole number if one fits; empty if nothing bounds it from below. */
    private Optional<BigDecimal> usage(Map<Quantity, BigDecimal> solution) {
        Bound ofOpposite = null;
        Bound ofUsage = null;
        for (int i = 0; i < WHOLE; i++) {
            BigDecimal other = solution.get(Quantity.values()[i]);
            if (most[i][WHOLE] != null) {
                ofOpposite = tighter(ofOpposite, most[i][WHOLE], other.negate());
            }
            if (most[WHOLE][i] != null) {
                ofUsage = tighter(ofUsage, most[WHOLE][i], other);
            }
        }
        if (ofOpposite == null) {
            return Optional.empty();
        }
        BigDecimal leastWhole = ofOpposite.ofWhole().offset().negate();
        if (ofUsage == null || ofUsage.allows(leastWhole)) {
            return Optional.of(leastWhole);
        }
        BigDecimal least = ofOpposite.offset().negate();
        BigDecimal middle = least.add(ofUsage.offset()).multiply(new BigDecimal("0.5"));
        return Optional.of(ofOpposite.strict() ? middle : least);
    }

    /** The tighter one of a bound and another on the same difference, shifted by a number that is known by now. */
    private Bound tighter(Bound bound, Bound other, BigDecimal shift) {
        var shifted = new Bound(other.at(margin).add(shift), 0, other.strict());
        return bound == null || shifted.isTighterThan(bound, margin) ? shifted : bound;
    }
}
