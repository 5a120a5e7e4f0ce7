package io.serverlesscontainers.store.document;

import java.util.Locale;
import java.util.Objects;

/**
 * What a request rule does to a limit, whichever spelling its document has.
 *
 * @param policy how the amount is found
 * @param direction which way the rule is meant to move the limit; also which events it consumes
 * @param amount for {@link Policy#AMOUNT} and {@link Policy#PROPORTIONAL} by how much, with the direction's sign;
 *     0 for {@link Policy#FIT_TO_USAGE}
 */
public record Rescale(Policy policy, Direction direction, long amount) {

    /** How a rule finds the amount by which a limit moves (design, section 4, step 5). */
    public enum Policy {
        /** A set amount. */
        AMOUNT,
        /** So that the usage comes to lie between lower and upper. */
        FIT_TO_USAGE,
        /** A share of a set amount, the greater the nearer the usage is to the limit. */
        PROPORTIONAL;

        /** The word on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Refuses missing parts. */
    public Rescale {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(direction, "direction");
    }

    /** Moves the limit by a set amount; the direction is the amount's sign. */
    public static Rescale byAmount(long amount) {
        return new Rescale(Policy.AMOUNT, amount < 0 ? Direction.DOWN : Direction.UP, amount);
    }

    /** Lowers the limit to fit the usage. */
    public static Rescale fitToUsage() {
        return new Rescale(Policy.FIT_TO_USAGE, Direction.DOWN, 0);
    }
}
