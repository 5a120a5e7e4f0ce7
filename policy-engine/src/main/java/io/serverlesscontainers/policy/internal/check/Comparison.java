package io.serverlesscontainers.policy.internal.check;

import java.util.List;

/**
 * That one term is less than another, or at most as great.
 *
 * @param less the lesser one
 * @param greater the greater one
 * @param strict whether they must differ
 */
record Comparison(Term less, Term greater, boolean strict) {

    static Comparison less(Term less, Term greater) {
        return new Comparison(less, greater, true);
    }

    static Comparison atMost(Term less, Term greater) {
        return new Comparison(less, greater, false);
    }

    static List<Comparison> equal(Term one, Term other) {
        return List.of(atMost(one, other), atMost(other, one));
    }

    /** The same as a bound on the difference of the two bases. */
    Bound bound() {
        return new Bound(greater.offset().subtract(less.offset()), greater.margins() - less.margins(), strict);
    }
}
