package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The form of one line of a store file: a JSON object in ASCII whose first field is the CRC-32C of all that follows it,
 * {@code {"crc32c":"9ae0daaf","kind":…}}.
 */
final class JournalLine {
    /** How every line starts, and so every store file. */
    static final String START = "{\"crc32c\":\"";

    private static final int CHECKSUM_DIGITS = 8;
    private static final int CONTENT_FROM = START.length() + CHECKSUM_DIGITS + "\",".length();
    // A line nests its document one deeper, and whatever was written must be read again.
    private static final int DEEPEST = 1_100;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNumberLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(new ExactNumbers())
            .build();
    private static final ObjectWriter WRITER = MAPPER.writer();
    private static final ObjectReader READER = MAPPER.reader();

    private JournalLine() {}

    /**
     * The line of an object with at least one field, with the line feed that ends it.
     *
     * @throws StateStoreException if the object cannot be written as JSON
     */
    static byte[] encode(ObjectNode content) {
        byte[] json;
        try {
            json = WRITER.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            String subject = content.path("name").asText(content.path("entry").asText());
            throw new StateStoreException(
                    "'" + Shown.of(subject) + "' cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
        String start = START + checksum(json, 1, json.length) + "\",";
        byte[] line = Arrays.copyOf(start.getBytes(StandardCharsets.US_ASCII), CONTENT_FROM + json.length);
        System.arraycopy(json, 1, line, CONTENT_FROM, json.length - 1);
        line[line.length - 1] = '\n';
        return line;
    }

    /** The object of a line without its line feed; empty if the line is not as it was written. */
    static Optional<ObjectNode> decode(byte[] line) {
        if (line.length <= CONTENT_FROM) {
            return Optional.empty();
        }
        String expected = START + checksum(line, CONTENT_FROM, line.length) + "\",";
        if (!expected.equals(new String(line, 0, CONTENT_FROM, StandardCharsets.US_ASCII))) {
            return Optional.empty();
        }
        try {
            JsonNode json = READER.readTree(line);
            ((ObjectNode) json).remove("crc32c");
            return Optional.of((ObjectNode) json);
        } catch (IOException | ClassCastException notOurs) {
            return Optional.empty();
        }
    }

    private static String checksum(byte[] bytes, int from, int to) {
        var crc = new CRC32C();
        crc.update(bytes, from, to - from);
        String digits = Long.toHexString(crc.getValue());
        return "0".repeat(CHECKSUM_DIGITS - digits.length()) + digits;
    }
}
