package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** Counts the characters of a document, about as they would be as JSON, up to where they become too many. */
final class DocumentSize {
    private long left;

    private DocumentSize(long most) {
        this.left = most;
    }

    /** The innermost place at which a document of bounded depth has more characters than this; empty if it has not. */
    static Optional<JsonPointer> whereBeyond(long mostCharacters, JsonNode document) {
        return Optional.ofNullable(new DocumentSize(mostCharacters).whereSpent(document));
    }

    /** The pointer is put together on the way out, so that a place that does not matter costs none. */
    private JsonPointer whereSpent(JsonNode json) {
        if (json.isObject()) {
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                left -= field.getKey().length() + "\"\":".length();
                JsonPointer inside = whereSpent(field.getValue());
                if (inside != null) {
                    return JsonPointer.empty().appendProperty(field.getKey()).append(inside);
                }
            }
        } else if (json.isArray()) {
            for (int i = 0; i < json.size(); i++) {
                JsonPointer inside = whereSpent(json.get(i));
                if (inside != null) {
                    return JsonPointer.empty().appendIndex(i).append(inside);
                }
            }
        }
        left -= json.asText().length() + ",".length();
        return left < 0 ? JsonPointer.empty() : null;
    }
}
