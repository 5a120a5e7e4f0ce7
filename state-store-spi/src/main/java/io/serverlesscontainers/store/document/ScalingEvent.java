package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A sign that a structure's resource is used too much or too little, seen in one window.
 *
 * @param name for people: {@code CpuBottleneck}, {@code MemUnderuse}
 * @param structure the structure's name
 * @param resource the resource
 * @param scale how much it counts in each direction
 * @param timestamp when it was seen; whole seconds on the wire
 * @param otherFields fields that are none of the above; also an {@code action} that says more than the counts
 */
public record ScalingEvent(
        String name,
        String structure,
        Resource resource,
        ScaleEvents scale,
        Instant timestamp,
        Map<String, JsonNode> otherFields) {

    /** Copies the map. */
    public ScalingEvent {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(structure, "structure");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(timestamp, "timestamp");
        otherFields = otherFields.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    }

    /** An event named after its resource and direction. */
    public static ScalingEvent of(String structure, Resource resource, ScaleEvents scale, Instant timestamp) {
        return new ScalingEvent(resource.titleCase() + scale.word(), structure, resource, scale, timestamp, Map.of());
    }

    /**
     * Reads an event.
     *
     * @throws DocumentException if a field without which it means nothing is missing or unreadable
     */
    public static ScalingEvent fromJson(JsonNode json) {
        Fields fields = Fields.ofNamed("event", json);
        String name = fields.requiredText("name");
        fields.dropUsual("type", "event");
        ScaleEvents scale = fields.peek("action")
                .map(ScaleEvents::fromJson)
                .orElseThrow(() -> fields.unusable("action", ScaleEvents.ALLOWED));
        fields.dropUsual("action", scale.toJson());
        return new ScalingEvent(
                name,
                fields.requiredText("structure"),
                fields.requiredResource("resource"),
                scale,
                fields.requiredInstant("timestamp"),
                fields.rest());
    }

    /**
     * The JSON form, a new tree at each call.
     *
     * @throws DocumentException if a field is nested deeper than 1000 levels, which nothing that was read is
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "event", otherFields);
        json.put("name", name);
        json.put("structure", structure);
        json.put("resource", resource.wireName());
        json.set("action", scale.toJson(otherFields.get("action")));
        json.put("timestamp", timestamp.getEpochSecond());
        Fields.putOthers(json, otherFields);
        return json;
    }
}
