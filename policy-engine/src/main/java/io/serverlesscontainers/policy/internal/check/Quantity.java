package io.serverlesscontainers.policy.internal.check;

import java.util.Locale;
import java.util.Optional;

/** What a condition compares: a number of the chain, the usage, a count of events. */
enum Quantity {
    /** What numbers are counted from. */
    ZERO,
    MAX,
    MIN,
    CURRENT,
    BOUNDARY,
    UP,
    DOWN,
    /** The only one that need not be whole. */
    USAGE,
    /** Tied to {@link #CURRENT} by the margin, and so never a quantity of its own in a {@link Term}. */
    UPPER,
    /** As {@link #UPPER}. */
    LOWER;

    /** The quantity that a variable stands for: the last word of its name says which. */
    static Optional<Quantity> ofVariable(String name) {
        String word = name.substring(name.lastIndexOf('.') + 1);
        for (Quantity quantity : values()) {
            if (quantity != ZERO && quantity.word().equals(word)) {
                return Optional.of(quantity);
            }
        }
        return Optional.empty();
    }

    /** Its word in variables and sentences. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
