package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.document.Shown;
import java.util.Map;

/** A structure as a body brings it: names agree, bounds are sound, numbers are numbers; what is not known is kept. */
final class NewStructure {
    private static final int BAD_REQUEST = 400;

    private NewStructure() {}

    /**
     * The structure in a body.
     *
     * @param key where it stands in the body
     * @param name what the path calls it
     * @param subtype what it has to be
     * @throws RestException 400 if it is not sound
     */
    static ObjectNode read(JsonNode body, String key, String name, String subtype) {
        return sound(section(body, "the body", key), key, name, subtype);
    }

    /**
     * A structure that is a body itself.
     *
     * @param owner what it is called in a sentence
     * @throws RestException 400 if it is not sound
     */
    static ObjectNode sound(JsonNode json, String owner, String name, String subtype) {
        if (!json.isObject()) {
            throw new RestException(BAD_REQUEST, owner + " is " + Shown.of(json) + ", an object is needed");
        }
        NewName.check(name);
        ObjectNode structure = json.deepCopy();
        require(structure, "name", name);
        require(structure, "subtype", subtype);
        if (structure.has("guard")) {
            structure.set("guard", Values.plain(structure.get("guard")));
        }
        ObjectNode resources = section(structure, owner, "resources");
        for (Map.Entry<String, JsonNode> each : resources.properties()) {
            // A host describes its disks as a list.
            if (each.getValue().isArray()) {
                each.getValue().forEach(NewStructure::plainDisk);
            } else {
                bounds(section(resources, owner + ".resources", each.getKey()), Shown.of(each.getKey()));
            }
        }
        return structure;
    }

    /**
     * The thresholds that come with a structure.
     *
     * @throws RestException 400 if they are not there, or another structure's
     */
    static ObjectNode limits(JsonNode body, String name) {
        ObjectNode limits = section(body, "the body", "limits").deepCopy();
        section(limits, "limits", "resources");
        if (limits.has("name")) {
            require(limits, "name", name);
        }
        return limits.put("name", name);
    }

    private static void bounds(ObjectNode resource, String name) {
        for (String field : new String[] {"max", "min", "current", "free"}) {
            if (resource.has(field)) {
                resource.put(field, Values.amount(resource.get(field), field + " of " + name));
            }
        }
        for (String flag : new String[] {"guard", "never_down"}) {
            if (resource.has(flag)) {
                resource.set(flag, Values.plain(resource.get(flag)));
            }
        }
        if (resource.has("max")
                && resource.path("min").asLong() > resource.path("max").asLong()) {
            throw new RestException(
                    BAD_REQUEST,
                    name + " has min " + resource.get("min") + " and max " + resource.get("max")
                            + ", and min must not be above max");
        }
    }

    private static void plainDisk(JsonNode disk) {
        if (disk instanceof ObjectNode fields) {
            for (String field : new String[] {"load", "max_read", "free_read", "max_write", "free_write"}) {
                if (fields.has(field)) {
                    fields.set(field, Values.plain(fields.get(field)));
                }
            }
        }
    }

    private static void require(ObjectNode structure, String field, String needed) {
        if (!needed.equals(structure.path(field).textValue())) {
            throw new RestException(
                    BAD_REQUEST,
                    "the " + field + " is " + Shown.of(structure.get(field)) + ", \"" + Shown.of(needed)
                            + "\" is needed here");
        }
    }

    /** An object inside another one, which must be there. */
    static ObjectNode section(JsonNode json, String owner, String key) {
        if (json.path(key) instanceof ObjectNode section) {
            return section;
        }
        throw new RestException(
                BAD_REQUEST,
                Shown.of(key) + " of " + owner + " is " + Shown.of(json.get(key)) + ", an object is needed");
    }
}
