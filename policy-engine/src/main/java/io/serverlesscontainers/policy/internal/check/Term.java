package io.serverlesscontainers.policy.internal.check;

import java.math.BigDecimal;

/**
 * One side of a comparison: {@code base + offset + margins × margin}. In this form the thresholds are the current limit
 * less one margin, and less two (design, section 3), whatever the margin is.
 *
 * @param base a quantity; {@link Quantity#ZERO} for a plain number
 * @param offset what is added to it
 * @param margins how many margins are added to it
 */
record Term(Quantity base, BigDecimal offset, int margins) {
    /** The margin itself. */
    static final Term MARGIN = new Term(Quantity.ZERO, BigDecimal.ZERO, 1);

    static Term of(double number) {
        return of(new BigDecimal(number));
    }

    static Term of(BigDecimal number) {
        return new Term(Quantity.ZERO, number, 0);
    }

    static Term of(Quantity quantity) {
        return switch (quantity) {
            case UPPER -> new Term(Quantity.CURRENT, BigDecimal.ZERO, -1);
            case LOWER -> new Term(Quantity.CURRENT, BigDecimal.ZERO, -2);
            default -> new Term(quantity, BigDecimal.ZERO, 0);
        };
    }
}
