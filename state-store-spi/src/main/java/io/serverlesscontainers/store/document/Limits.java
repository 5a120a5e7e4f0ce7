package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The thresholds of one structure.
 *
 * @param name the structure's name
 * @param resources the thresholds of each resource
 * @param otherResources entries of {@code resources} that are no {@link Resource}, or could not be read
 * @param otherFields fields that are none of the above
 * @param problems what could not be read
 */
public record Limits(
        String name,
        Map<Resource, ResourceLimits> resources,
        Map<String, JsonNode> otherResources,
        Map<String, JsonNode> otherFields,
        List<Problem> problems)
        implements Document {

    /** Copies the collections. */
    public Limits {
        Names.check(name);
        resources = Collections.unmodifiableMap(
                resources.isEmpty() ? new EnumMap<>(Resource.class) : new EnumMap<>(resources));
        otherResources = Collections.unmodifiableMap(new LinkedHashMap<>(otherResources));
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
        problems = List.copyOf(problems);
    }

    /** Limits of a structure, with no resource yet. */
    public static Limits of(String name) {
        return new Limits(name, Map.of(), Map.of(), Map.of(), List.of());
    }

    @Override
    public DocumentKind<Limits> kind() {
        return DocumentKind.LIMITS;
    }

    /** The thresholds of one resource. */
    public Optional<ResourceLimits> resource(Resource resource) {
        return Optional.ofNullable(resources.get(resource));
    }

    /** The same with one resource added or replaced. */
    public Limits withResource(Resource resource, ResourceLimits limits) {
        Map<Resource, ResourceLimits> changed = new EnumMap<>(Resource.class);
        changed.putAll(resources);
        changed.put(resource, limits);
        return new Limits(name, changed, otherResources, otherFields, problems);
    }

    static Limits fromJson(JsonNode json) {
        Fields fields = Fields.ofNamed("limits", json);
        String name = fields.requiredText("name");
        fields.dropUsual("type", "limit");
        Map<Resource, ResourceLimits> resources = new EnumMap<>(Resource.class);
        Map<String, JsonNode> otherResources = new LinkedHashMap<>();
        fields.object("resources").ifPresent(section -> {
            for (Resource resource : Resource.values()) {
                section.object(resource.wireName())
                        .ifPresent(has -> resources.put(resource, ResourceLimits.fromFields(has)));
            }
            section.reportUnknownResources();
            otherResources.putAll(section.rest());
        });
        return new Limits(name, resources, otherResources, fields.rest(), fields.problems());
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "limit", otherFields);
        json.put("name", name);
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        resources.forEach((resource, limits) -> section.set(resource.wireName(), limits.toJson()));
        Fields.putOthers(section, otherResources);
        Fields.putSection(json, "resources", section, otherFields);
        Fields.putOthers(json, otherFields);
        return json;
    }
}
