package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.examples.table.Table;
import java.util.List;
import java.util.Map;

/** One document of any kind as two columns: what it says, and what that is. */
final class Documents {
    private final Table table = new Table("field", "value");

    /** All fields, but those that are shown elsewhere. */
    Documents fields(JsonNode document, String... elsewhere) {
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            if (!List.of(elsewhere).contains(field.getKey())) {
                field(field.getKey(), field.getValue());
            }
        }
        return this;
    }

    Documents field(String name, JsonNode value) {
        table.add(name, text(value));
        return this;
    }

    Table table() {
        return table;
    }

    /** A single value without quotation marks, anything else as JSON. */
    static String text(JsonNode value) {
        String text =
                value.isMissingNode() || value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
        return text.isEmpty() ? Table.NOTHING : text;
    }
}
