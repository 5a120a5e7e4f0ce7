package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Counts the characters of a document, about as they would be as JSON, up to where they become too many. */
final class Characters {
    private Characters() {}

    static boolean isMore(JsonNode json, int most) {
        return left(json, most) < 0;
    }

    private static long left(JsonNode json, long most) {
        long left = most - 2;
        if (json.isObject()) {
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                left = left < 0
                        ? left
                        : left(field.getValue(), left - field.getKey().length());
            }
        } else if (json.isArray()) {
            for (JsonNode element : json) {
                left = left < 0 ? left : left(element, left);
            }
        } else {
            left -= json.isTextual() ? json.textValue().length() : 1;
        }
        return left;
    }
}
