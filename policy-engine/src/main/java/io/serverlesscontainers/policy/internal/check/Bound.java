package io.serverlesscontainers.policy.internal.check;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The most that a difference can be: {@code offset + margins × margin}, or less than that.
 *
 * @param offset the part that does not depend on the margin
 * @param margins how many margins are added to it
 * @param strict whether the difference must be less
 */
record Bound(BigDecimal offset, int margins, boolean strict) {

    BigDecimal at(BigDecimal margin) {
        return offset.add(margin.multiply(BigDecimal.valueOf(margins)));
    }

    /** The bound on {@code x − z} that follows from this one on {@code x − y} and another on {@code y − z}. */
    Bound plus(Bound other) {
        return new Bound(offset.add(other.offset), margins + other.margins, strict || other.strict);
    }

    boolean isTighterThan(Bound other, BigDecimal margin) {
        int compared = at(margin).compareTo(other.at(margin));
        return compared < 0 || compared == 0 && strict && !other.strict;
    }

    /** Whether a difference, at a margin of 0, keeps to it. */
    boolean allows(BigDecimal difference) {
        int compared = difference.compareTo(offset);
        return compared < 0 || compared == 0 && !strict;
    }

    /** The same bound for a difference that is a whole number, as margins are. */
    Bound ofWhole() {
        BigDecimal whole = strict
                ? offset.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)
                : offset.setScale(0, RoundingMode.FLOOR);
        return new Bound(whole, margins, false);
    }
}
