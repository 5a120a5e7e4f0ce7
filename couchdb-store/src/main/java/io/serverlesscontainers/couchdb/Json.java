package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.io.Serial;
import java.math.BigDecimal;
import java.util.function.Consumer;

/** Reads and writes the server's JSON, a row at a time, without losing a digit. */
final class Json {
    /** Documents may be 1000 levels deep; an answer wraps them in a few more. */
    private static final int DEEPEST = 1_010;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(new ExactNumbers())
            .build();

    private Json() {}

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("this cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Reads one object. */
    static ObjectNode object(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw unexpected(json);
        }
        return MAPPER.readTree(json);
    }

    /**
     * Reads an object, of one field of which, an array of objects, each element is handed over as it comes.
     *
     * @return the other fields
     */
    static ObjectNode rows(JsonParser json, String field, Consumer<ObjectNode> row) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw unexpected(json);
        }
        ObjectNode others = MAPPER.createObjectNode();
        boolean found = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            json.nextToken();
            if (name.equals(field)) {
                elements(json, row);
                found = true;
            } else {
                others.set(name, MAPPER.readTree(json));
            }
        }
        if (!found) {
            throw unexpected(json);
        }
        return others;
    }

    /** Reads an array of objects. */
    static void array(JsonParser json, Consumer<ObjectNode> row) throws IOException {
        json.nextToken();
        elements(json, row);
    }

    private static void elements(JsonParser json, Consumer<ObjectNode> row) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw unexpected(json);
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.START_OBJECT) {
                throw unexpected(json);
            }
            row.accept(MAPPER.readTree(json));
        }
    }

    private static IOException unexpected(JsonParser json) {
        return new JsonParseException(json, "it is not of the form that a CouchDB answers in");
    }

    /** Nodes that lose no digit: a fraction becomes a double where a double says the same, else it stays a decimal. */
    private static final class ExactNumbers extends JsonNodeFactory {
        @Serial
        private static final long serialVersionUID = 1;

        @Override
        public ValueNode numberNode(BigDecimal number) {
            double nearest = number.doubleValue();
            boolean same =
                    Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(number) == 0;
            return same ? DoubleNode.valueOf(nearest) : DecimalNode.valueOf(number);
        }
    }
}
