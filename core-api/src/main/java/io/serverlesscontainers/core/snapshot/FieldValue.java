package io.serverlesscontainers.core.snapshot;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.StructureResource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The value of a field as a number; {@link Double#NaN} where there is none, never 0. */
final class FieldValue {
    private FieldValue() {}

    /** A field of what a structure has of a resource; what is wrong with one that is no number goes to the problems. */
    static double of(StructureResource has, String field, String subject, Resource resource, List<Problem> problems) {
        return switch (field) {
            case "max" -> orNaN(has.max());
            case "min" -> orNaN(has.min());
            case "current" -> orNaN(has.current());
            case "free" -> orNaN(has.free());
            case "usage" -> has.usage().isPresent() ? has.usage().getAsDouble() : Double.NaN;
            case "guard" -> orNaN(has.guard());
            case "never_down" -> orNaN(has.neverDown());
            // These are of the limits, and what a structure calls the same is not.
            case "upper", "lower", "boundary", "boundary_type", "margin" -> Double.NaN;
            default -> other(has.otherFields(), field, subject, resource, problems);
        };
    }

    /**
     * A field of the limits of a resource, whose structure's share of it the margin may need. Other fields than these are
     * not told: the structure may have one of the same name, and both would be one series.
     */
    static double of(ResourceLimits limits, Optional<StructureResource> has, String field) {
        return switch (field) {
            case "upper" -> orNaN(limits.upper());
            case "lower" -> orNaN(limits.lower());
            case "boundary" ->
                limits.boundary().isPresent() ? limits.boundary().get().value() : Double.NaN;
            case "margin" -> margin(limits, has);
            default -> Double.NaN;
        };
    }

    private static double margin(ResourceLimits limits, Optional<StructureResource> has) {
        Optional<Boundary> boundary = limits.boundary().filter(Boundary::isUsable);
        if (boundary.isEmpty()) {
            return Double.NaN;
        }
        OptionalLong base = switch (boundary.get().type()) {
            case ABSOLUTE -> OptionalLong.of(0);
            case PERCENTAGE_OF_MAX -> has.map(StructureResource::max).orElse(OptionalLong.empty());
            case PERCENTAGE_OF_CURRENT -> has.map(StructureResource::current).orElse(OptionalLong.empty());
        };
        return base.isPresent() ? boundary.get().margin(base.getAsLong(), base.getAsLong()) : Double.NaN;
    }

    /** A number or a flag of JSON; empty for anything else, and for a number beyond what a double holds. */
    static OptionalDouble of(JsonNode json) {
        if (json.isBoolean()) {
            return OptionalDouble.of(json.booleanValue() ? 1 : 0);
        }
        return json.isNumber() && Double.isFinite(json.doubleValue())
                ? OptionalDouble.of(json.doubleValue())
                : OptionalDouble.empty();
    }

    private static double other(
            Map<String, JsonNode> others, String field, String subject, Resource resource, List<Problem> problems) {
        JsonNode json = others.get(field);
        if (json == null || json.isNull()) {
            return Double.NaN;
        }
        OptionalDouble value = of(json);
        if (value.isEmpty()) {
            problems.add(Problem.ofField(
                    subject,
                    JsonPointer.empty()
                            .appendProperty("resources")
                            .appendProperty(resource.wireName())
                            .appendProperty(field),
                    "is " + Shown.of(json) + ", a number is needed"));
        }
        return value.orElse(Double.NaN);
    }

    private static double orNaN(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : Double.NaN;
    }

    static double orNaN(Optional<Boolean> flag) {
        return flag.isEmpty() ? Double.NaN : flag.get() ? 1 : 0;
    }
}
