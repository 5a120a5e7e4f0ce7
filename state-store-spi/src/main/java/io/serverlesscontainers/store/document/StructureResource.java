package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a structure has of one resource, in the resource's {@linkplain Resource#unit() unit}.
 *
 * @param max the most it may get; on a host, all there is
 * @param min what it always keeps
 * @param current the limit that is applied now
 * @param free on a host: what no container holds
 * @param usage the last known usage, where some service keeps it
 * @param guard whether this resource may be scaled; absent counts as no
 * @param neverDown whether no rule may lower the limit; absent counts as no
 * @param coreUsage on a host, for {@code cpu}: which container holds how much of which core
 * @param otherFields fields that are none of the above
 */
public record StructureResource(
        OptionalLong max,
        OptionalLong min,
        OptionalLong current,
        OptionalLong free,
        OptionalDouble usage,
        Optional<Boolean> guard,
        Optional<Boolean> neverDown,
        Optional<CoreUsage> coreUsage,
        Map<String, JsonNode> otherFields) {

    /** Copies the map. */
    public StructureResource {
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
    }

    /** A container's or application's share: bounds and whether it may be scaled. */
    public static StructureResource bounds(long min, long max, boolean guarded) {
        return new StructureResource(
                OptionalLong.of(max),
                OptionalLong.of(min),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                Optional.of(guarded),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** A host's stock: all there is, and how much of it is free. */
    public static StructureResource stock(long max, long free) {
        return new StructureResource(
                OptionalLong.of(max),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(free),
                OptionalDouble.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** Whether this resource may be scaled. */
    public boolean isGuarded() {
        return guard.orElse(false);
    }

    /** Whether rules may only raise the limit. People, and a lowered {@code max}, may still lower it. */
    public boolean isNeverDown() {
        return neverDown.orElse(false);
    }

    /** The same with another applied limit. */
    public StructureResource withCurrent(long limit) {
        return new StructureResource(
                max, min, OptionalLong.of(limit), free, usage, guard, neverDown, coreUsage, otherFields);
    }

    /** The same with another free amount. */
    public StructureResource withFree(long amount) {
        return new StructureResource(
                max, min, current, OptionalLong.of(amount), usage, guard, neverDown, coreUsage, otherFields);
    }

    /** The same, guarded or not. */
    public StructureResource withGuard(boolean guarded) {
        return new StructureResource(
                max, min, current, free, usage, Optional.of(guarded), neverDown, coreUsage, otherFields);
    }

    /** The same, with a limit that rules may only raise, or also lower. */
    public StructureResource withNeverDown(boolean onlyRaised) {
        return new StructureResource(
                max, min, current, free, usage, guard, Optional.of(onlyRaised), coreUsage, otherFields);
    }

    /** The same with another core map. */
    public StructureResource withCoreUsage(CoreUsage map) {
        return new StructureResource(max, min, current, free, usage, guard, neverDown, Optional.of(map), otherFields);
    }

    static StructureResource fromFields(Fields fields) {
        return new StructureResource(
                fields.wholeNumber("max"),
                fields.wholeNumber("min"),
                fields.wholeNumber("current"),
                fields.wholeNumber("free"),
                fields.number("usage"),
                fields.flag("guard"),
                fields.flag("never_down"),
                fields.take("core_usage_mapping", "a map from core to container to shares", CoreUsage::fromJson),
                fields.rest());
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.put(json, "max", max);
        Fields.put(json, "min", min);
        Fields.put(json, "current", current);
        Fields.put(json, "free", free);
        Fields.put(json, "usage", usage);
        Fields.putFlag(json, "guard", guard);
        Fields.putFlag(json, "never_down", neverDown);
        coreUsage.ifPresent(map -> json.set("core_usage_mapping", map.toJson()));
        Fields.putOthers(json, otherFields);
        return json;
    }
}
