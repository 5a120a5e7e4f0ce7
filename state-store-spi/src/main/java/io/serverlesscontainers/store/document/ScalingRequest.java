package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A wish to move one limit by an amount, from the Guardian to the Scaler.
 *
 * @param structure the structure's name
 * @param structureType what it is; absent in documents of some older writers
 * @param resource the resource
 * @param amount by how much, in the resource's unit; negative to lower it, never 0 from this project
 * @param priority of two for the same limit the higher one wins
 * @param timestamp when it was made; whole seconds on the wire
 * @param host the structure's host
 * @param hostRescalerIp address of the host's Container Scaler
 * @param hostRescalerPort port of the host's Container Scaler; a text on the wire
 * @param madeFor the limit that the amount was reckoned from; empty in requests of writers that do not say
 * @param otherFields fields that are none of the above
 */
public record ScalingRequest(
        String structure,
        Optional<Structure.Subtype> structureType,
        Resource resource,
        long amount,
        long priority,
        Instant timestamp,
        Optional<String> host,
        Optional<String> hostRescalerIp,
        Optional<String> hostRescalerPort,
        OptionalLong madeFor,
        Map<String, JsonNode> otherFields) {

    private static final String FIELD = "current";
    private static final String MADE_FOR = "made_for";

    /** Copies the map. */
    public ScalingRequest {
        Objects.requireNonNull(structure, "structure");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(timestamp, "timestamp");
        otherFields = otherFields.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    }

    /** A request for a structure, addressed to its host. */
    public static ScalingRequest of(
            Structure structure, Resource resource, long amount, long priority, Instant timestamp) {
        return new ScalingRequest(
                structure.name(),
                Optional.of(structure.subtype()),
                resource,
                amount,
                priority,
                timestamp,
                structure.host(),
                structure.hostRescalerIp(),
                structure.hostRescalerPort(),
                OptionalLong.empty(),
                Map.of());
    }

    /** The same, to be carried out only where the limit is still this one. */
    public ScalingRequest madeFor(long limit) {
        return new ScalingRequest(
                structure,
                structureType,
                resource,
                amount,
                priority,
                timestamp,
                host,
                hostRescalerIp,
                hostRescalerPort,
                OptionalLong.of(limit),
                otherFields);
    }

    /** {@code CpuRescaleUp} or {@code CpuRescaleDown}, by the amount's sign. */
    public String action() {
        return actionName(resource, amount);
    }

    private static String actionName(Resource resource, long amount) {
        return resource.titleCase() + (amount < 0 ? "RescaleDown" : "RescaleUp");
    }

    /** Which number of the structure it moves: always {@code current}. */
    public String field() {
        return FIELD;
    }

    /**
     * Reads a request.
     *
     * @throws DocumentException if a field without which it means nothing is missing or unreadable
     */
    public static ScalingRequest fromJson(JsonNode json) {
        Fields fields = Fields.of("request", json);
        fields.dropUsual("type", "request");
        String structure = fields.requiredText("structure");
        Resource resource = fields.requiredResource("resource");
        long amount = fields.requiredWholeNumber("amount");
        fields.dropUsual("action", actionName(resource, amount));
        fields.dropUsual("field", FIELD);
        if (fields.peek("field").isPresent()) {
            throw fields.unusable("field", "'current'");
        }
        return new ScalingRequest(
                structure,
                fields.take(
                        "structure_type",
                        "container, application, host or user",
                        node -> Structure.Subtype.ofWireName(node.asText())),
                resource,
                amount,
                fields.wholeNumber("priority").orElse(0),
                fields.requiredInstant("timestamp"),
                fields.text("host"),
                fields.text("host_rescaler_ip"),
                fields.portText("host_rescaler_port"),
                fields.wholeNumber(MADE_FOR),
                fields.rest());
    }

    /**
     * The JSON form, a new tree at each call.
     *
     * @throws DocumentException if a field is nested deeper than 1000 levels, which nothing that was read is
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "request", otherFields);
        json.put("resource", resource.wireName());
        json.put("amount", amount);
        if (priority != 0 || !otherFields.containsKey("priority")) {
            json.put("priority", priority);
        }
        json.put("structure", structure);
        Fields.putUsual(json, "action", action(), otherFields);
        Fields.putUsual(json, "field", FIELD, otherFields);
        json.put("timestamp", timestamp.getEpochSecond());
        structureType.ifPresent(type -> json.put("structure_type", type.wireName()));
        Fields.putText(json, "host", host);
        Fields.putText(json, "host_rescaler_ip", hostRescalerIp);
        Fields.putText(json, "host_rescaler_port", hostRescalerPort);
        madeFor.ifPresent(limit -> json.put(MADE_FOR, limit));
        Fields.putOthers(json, otherFields);
        return json;
    }
}
