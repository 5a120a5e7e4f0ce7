package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of a document that belong to the server: their names start with an underscore. */
final class SystemFields {
    private static final String ATTACHMENTS = "_attachments";

    private SystemFields() {}

    /** Takes them all out; returns what must be written back, or the server would remove it. */
    static Map<String, JsonNode> takenFrom(ObjectNode document) {
        List<String> names = document.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.startsWith("_"))
                .toList();
        Map<String, JsonNode> kept = new LinkedHashMap<>();
        for (String name : names) {
            JsonNode value = document.remove(name);
            if (name.equals(ATTACHMENTS)) {
                kept.put(name, value);
            }
        }
        return kept.isEmpty() ? Map.of() : kept;
    }

    /** A document as the server wants it: identity first. */
    static ObjectNode with(String id, String revision, Map<String, JsonNode> system, ObjectNode document) {
        takenFrom(document);
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("_id", id);
        if (revision != null) {
            json.put("_rev", revision);
        }
        json.setAll(system);
        json.setAll(document);
        return json;
    }
}
