package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.OptionalLong;

/**
 * The chain of numbers that governs one resource, in the resource's unit, after its repair (design, section 4, step 2):
 *
 * <pre>
 *   max ≥ current,   current − upper = margin,   upper − lower = margin
 * </pre>
 *
 * <p>{@code lower} may lie below {@code min}, and below 0, where the boundary is wide: such a resource is never scaled
 * down.
 *
 * @param max the most the structure may get
 * @param min what it always keeps
 * @param current the limit applied now, at most {@code max}
 * @param upper above it: a bottleneck
 * @param lower below it: underuse
 * @param boundary the boundary as configured
 * @param margin the distance between current, upper and lower
 */
record Chain(long max, long min, long current, long upper, long lower, long boundary, long margin) {
    /** More of any resource than a machine has; keeps every sum far from overflow. */
    static final long GREATEST = 1_000_000_000_000L;

    /**
     * The valid chain of a resource.
     *
     * @throws UnusableChainException if a number is missing or impossible; the message names the field
     */
    static Chain of(StructureResource has, ResourceLimits limits) {
        long max = needed("max", has.max());
        long min = needed("min", has.min());
        if (min > max) {
            throw inStructure("min", "is " + min + ", more than max, which is " + max);
        }
        Boundary boundary = limits.boundary()
                .orElseThrow(() -> inLimits("boundary", "is missing, a whole number from 0 on is needed"));
        if (!boundary.isUsable() || boundary.value() > GREATEST) {
            throw inLimits("boundary", "is " + boundary.value() + ", " + allowed(boundary) + " is needed");
        }
        long current = Math.min(needed("current", has.current()), max);
        long margin = boundary.margin(max, current);
        long upper = current - margin;
        return new Chain(max, min, current, upper, upper - margin, boundary.value(), margin);
    }

    private static String allowed(Boundary boundary) {
        if (boundary.type() != Boundary.Type.ABSOLUTE) {
            return "a percentage from 0 to 100";
        }
        return boundary.value() < 0 ? "an amount of 0 or more" : "a whole number from 0 to " + GREATEST;
    }

    private static long needed(String field, OptionalLong value) {
        if (value.isEmpty()) {
            throw inStructure(field, "is missing, a whole number from 0 on is needed");
        }
        if (value.getAsLong() < 0 || value.getAsLong() > GREATEST) {
            throw inStructure(
                    field, "is " + value.getAsLong() + ", a whole number from 0 to " + GREATEST + " is needed");
        }
        return value.getAsLong();
    }

    private static UnusableChainException inStructure(String field, String whatIsWrong) {
        return new UnusableChainException(DocumentKind.STRUCTURES, field, whatIsWrong);
    }

    private static UnusableChainException inLimits(String field, String whatIsWrong) {
        return new UnusableChainException(DocumentKind.LIMITS, field, whatIsWrong);
    }

    /** Whether a limits document already says the same. */
    boolean matches(ResourceLimits limits) {
        return limits.upper().equals(OptionalLong.of(upper)) && limits.lower().equals(OptionalLong.of(lower));
    }
}
