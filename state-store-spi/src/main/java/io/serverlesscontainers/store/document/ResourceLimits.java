package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The thresholds of one resource, in its {@linkplain Resource#unit() unit}.
 *
 * @param upper above it: a bottleneck
 * @param lower below it: underuse
 * @param boundary the distance between limit, upper and lower
 * @param otherFields fields that are none of the above
 */
public record ResourceLimits(
        OptionalLong upper, OptionalLong lower, Optional<Boundary> boundary, Map<String, JsonNode> otherFields) {

    /** Copies the map. */
    public ResourceLimits {
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    }

    /** A boundary alone; the Guardian fills in the thresholds at its first window. */
    public static ResourceLimits of(Boundary boundary) {
        return new ResourceLimits(OptionalLong.empty(), OptionalLong.empty(), Optional.of(boundary), Map.of());
    }

    /** The same with other thresholds. */
    public ResourceLimits withThresholds(long newUpper, long newLower) {
        return new ResourceLimits(OptionalLong.of(newUpper), OptionalLong.of(newLower), boundary, otherFields);
    }

    static ResourceLimits fromFields(Fields fields) {
        OptionalLong upper = fields.wholeNumber("upper");
        OptionalLong lower = fields.wholeNumber("lower");
        return new ResourceLimits(upper, lower, boundary(fields), fields.rest());
    }

    /** Value and type are taken together or not at all: half a boundary would mean something else. */
    private static Optional<Boundary> boundary(Fields fields) {
        Optional<JsonNode> type = fields.peek("boundary_type");
        if (type.isPresent() && Boundary.Type.ofWireName(type.get().asText()) == null) {
            fields.problem("boundary_type", type.get(), "percentage_of_max or percentage_of_current");
            return Optional.empty();
        }
        OptionalLong value = fields.wholeNumber("boundary");
        if (value.isEmpty()) {
            return Optional.empty();
        }
        Boundary.Type read =
                fields.text("boundary_type").map(Boundary.Type::ofWireName).orElse(Boundary.Type.ABSOLUTE);
        Boundary boundary = new Boundary(value.getAsLong(), read);
        if (!boundary.isUsable()) {
            fields.problem(
                    "boundary",
                    LongNode.valueOf(boundary.value()),
                    read == Boundary.Type.ABSOLUTE ? "an amount of 0 or more" : "a percentage from 0 to 100");
        }
        return Optional.of(boundary);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.put(json, "upper", upper);
        Fields.put(json, "lower", lower);
        boundary.ifPresent(it -> {
            json.put("boundary", it.value());
            if (it.type() != Boundary.Type.ABSOLUTE) {
                json.put("boundary_type", it.type().wireName());
            }
        });
        Fields.putOthers(json, otherFields);
        return json;
    }
}
