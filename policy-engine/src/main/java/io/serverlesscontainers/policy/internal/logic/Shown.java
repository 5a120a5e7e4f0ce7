package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** JSON in a sentence: its beginning, however long it is and however deep it is nested. */
final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    static String of(JsonNode json) {
        var text = new StringBuilder();
        append(json, text);
        return cut(text.toString());
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    /** Each level writes at least one character, so the levels end with the room. */
    private static void append(JsonNode json, StringBuilder text) {
        if (text.length() > LONGEST) {
            return;
        }
        if (json.isArray()) {
            text.append('[');
            for (int i = 0; i < json.size() && text.length() <= LONGEST; i++) {
                append(json.get(i), text.append(i == 0 ? "" : ","));
            }
            text.append(']');
        } else if (json.isObject()) {
            String separator = "{";
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (text.length() > LONGEST) {
                    return;
                }
                text.append(separator).append('"').append(cut(field.getKey())).append("\":");
                append(field.getValue(), text);
                separator = ",";
            }
            text.append(json.isEmpty() ? "{}" : "}");
        } else {
            text.append(
                    json.isTextual() && json.textValue().length() > LONGEST
                            ? "\"" + cut(json.textValue())
                            : json.toString());
        }
    }
}
