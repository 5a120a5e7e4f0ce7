package io.serverlesscontainers.policy.internal.check;

import static io.serverlesscontainers.policy.internal.check.Comparison.atMost;
import static io.serverlesscontainers.policy.internal.check.Comparison.equal;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is true of all facts that conditions are held against, whatever the rules say. Immutable. */
public final class Known {
    private static final Term NONE = Term.of(0);
    private static final Term ONE = Term.of(1);
    private static final Term UP = Term.of(Quantity.UP);
    private static final Term DOWN = Term.of(Quantity.DOWN);

    /** Of the numbers that an example may have, what makes it easy to read. */
    private static final List<List<Comparison>> USUAL_CHAIN = List.of(
            equal(Term.of(Quantity.CURRENT), Term.of(100)),
            equal(Term.of(Quantity.MAX), Term.of(200)),
            equal(Term.of(Quantity.MIN), Term.of(20)));

    private final List<List<Comparison>> alternatives;
    private final List<Comparison> ofExamples;
    private final List<List<Comparison>> usual;

    private Known(List<List<Comparison>> alternatives, List<Comparison> ofExamples, List<List<Comparison>> usual) {
        this.alternatives = alternatives;
        this.ofExamples = ofExamples;
        this.usual = usual;
    }

    /**
     * Of a state: the numbers of the chain and the usage are 0 or more, {@code min} and {@code current} at most
     * {@code max}, and the thresholds one and two margins below {@code current}. An example's boundary is an amount, and
     * so the same as its margin.
     */
    public static Known ofState() {
        var known = new ArrayList<Comparison>();
        Stream.of(Quantity.MAX, Quantity.MIN, Quantity.CURRENT, Quantity.BOUNDARY, Quantity.USAGE)
                .forEach(quantity -> known.add(atMost(NONE, Term.of(quantity))));
        known.add(atMost(Term.of(Quantity.MIN), Term.of(Quantity.MAX)));
        known.add(atMost(Term.of(Quantity.CURRENT), Term.of(Quantity.MAX)));
        known.add(atMost(Term.of(Quantity.MAX), Term.of(Differences.GREATEST)));
        known.add(atMost(Term.of(Quantity.BOUNDARY), Term.of(Differences.GREATEST)));
        return new Known(List.of(known), equal(Term.of(Quantity.BOUNDARY), Term.MARGIN), USUAL_CHAIN);
    }

    /** Of counts of events: 0 or more. */
    public static Known ofCounts() {
        return new Known(List.of(counts()), List.of(), List.of());
    }

    /** Of the counts of live events of a resource that is looked at: there is one at least. */
    public static Known ofLiveEvents() {
        return ofLiveEvents(counts());
    }

    /**
     * The same where there are no more of them than some numbers.
     *
     * @param mostUp how many up events can be alive, 0 or more
     * @param mostDown how many down events can be alive, 0 or more
     */
    public static Known ofLiveEvents(BigDecimal mostUp, BigDecimal mostDown) {
        List<Comparison> counts = counts();
        counts.add(atMost(UP, Term.of(mostUp)));
        counts.add(atMost(DOWN, Term.of(mostDown)));
        return ofLiveEvents(counts);
    }

    private static Known ofLiveEvents(List<Comparison> counts) {
        List<List<Comparison>> alternatives = Alternatives.all(
                List.of(List.of(counts), List.of(List.of(atMost(ONE, UP)), List.of(atMost(ONE, DOWN)))));
        return new Known(alternatives, List.of(), List.of());
    }

    private static List<Comparison> counts() {
        return new ArrayList<>(List.of(atMost(NONE, UP), atMost(NONE, DOWN)));
    }

    /** The ways in which it is true. */
    List<List<Comparison>> alternatives() {
        return alternatives;
    }

    /** What is true of examples besides. */
    List<Comparison> ofExamples() {
        return ofExamples;
    }

    /** What makes an example usual, the most important first. */
    List<List<Comparison>> usual() {
        return usual;
    }
}
