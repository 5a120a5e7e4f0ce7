package io.serverlesscontainers.store.document;

import java.util.Locale;
import java.util.Objects;

/**
 * The distance between neighbours of the chain {@code limit – upper – lower}, as configured. What it comes to for a
 * given limit is the <em>margin</em> (design, section 3).
 *
 * @param value an amount in the resource's unit, or a percentage from 0 to 100
 * @param type what the value is relative to
 */
public record Boundary(long value, Type type) {

    /** What a boundary's value is relative to. */
    public enum Type {
        /** Nothing: it is an amount in the resource's unit. */
        ABSOLUTE,
        /** The structure's {@code max}. */
        PERCENTAGE_OF_MAX,
        /** The limit applied now. */
        PERCENTAGE_OF_CURRENT;

        /** The word on the wire; an absolute boundary carries none. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Type ofWireName(String wireName) {
            for (Type type : values()) {
                if (type.wireName().equals(wireName)) {
                    return type;
                }
            }
            return null;
        }
    }

    /** Any value is accepted here, so that a bad document can be held and reported; see {@link #isUsable()}. */
    public Boundary {
        Objects.requireNonNull(type, "type");
    }

    /** An amount in the resource's unit. */
    public static Boundary absolute(long amount) {
        return new Boundary(amount, Type.ABSOLUTE);
    }

    /** A percentage of the structure's {@code max}. */
    public static Boundary percentOfMax(int percent) {
        return new Boundary(percent, Type.PERCENTAGE_OF_MAX);
    }

    /** A percentage of the limit applied now. */
    public static Boundary percentOfCurrent(int percent) {
        return new Boundary(percent, Type.PERCENTAGE_OF_CURRENT);
    }

    /** Whether a margin can be told from it: not negative, and a percentage at most 100. */
    public boolean isUsable() {
        return value >= 0 && (type == Type.ABSOLUTE || value <= 100);
    }

    /**
     * The margin: the value itself, or {@code trunc(base × value / 100)} of the base that the type names; at least 1.
     *
     * @throws IllegalStateException if the boundary is not {@linkplain #isUsable() usable}
     */
    public long margin(long max, long current) {
        if (!isUsable()) {
            throw new IllegalStateException("no margin can be told from " + this);
        }
        return Math.max(
                1,
                switch (type) {
                    case ABSOLUTE -> value;
                    case PERCENTAGE_OF_MAX -> percentOf(max);
                    case PERCENTAGE_OF_CURRENT -> percentOf(current);
                });
    }

    private long percentOf(long base) {
        // Split so that no base can overflow: base / 100 whole hundreds and what is left of it.
        return base / 100 * value + base % 100 * value / 100;
    }

    @Override
    public String toString() {
        return switch (type) {
            case ABSOLUTE -> Long.toString(value);
            case PERCENTAGE_OF_MAX -> value + " % of max";
            case PERCENTAGE_OF_CURRENT -> value + " % of current";
        };
    }
}
