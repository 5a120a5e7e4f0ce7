package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON as the values that expressions work on: null, Boolean, Double, String, List and Map. */
public final class JsonValues {
    private JsonValues() {}

    /**
     * The value of a piece of JSON.
     *
     * @param json not nested too deep for the stack
     */
    public static Object of(JsonNode json) {
        if (json.isArray()) {
            // No List.of: two empty arrays would be the same object, and so equal to each other.
            var elements = new ArrayList<>(json.size());
            json.forEach(element -> elements.add(of(element)));
            return Collections.unmodifiableList(elements);
        }
        if (json.isObject()) {
            var fields = new TreeMap<String, Object>();
            json.properties().forEach(field -> fields.put(field.getKey(), of(field.getValue())));
            return Collections.unmodifiableMap(fields);
        }
        if (json.isNumber()) {
            return json.doubleValue();
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        return json.isTextual() ? json.textValue() : null;
    }

    /** The canonical JSON of a value of an expression. */
    static String text(Object value) {
        if (value instanceof String text) {
            return quoted(text);
        }
        if (value instanceof List<?> elements) {
            return elements.stream().map(JsonValues::text).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof Map<?, ?> fields) {
            return fields.entrySet().stream()
                    .map(field -> quoted((String) field.getKey()) + ":" + text(field.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return String.valueOf(value);
    }

    private static String quoted(String text) {
        return TextNode.valueOf(text).toString();
    }
}
