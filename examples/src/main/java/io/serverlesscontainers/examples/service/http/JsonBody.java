package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

/** JSON from outside: as strict as it can be, since other programs have to read what of it is stored. */
final class JsonBody {
    private static final int DEEPEST = 100;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    /** How its programmer could make it take the body after all. */
    private static final Pattern PARSERS_ADVICE = Pattern.compile(": enable .*", Pattern.DOTALL);

    private JsonBody() {}

    /**
     * Reads it.
     *
     * @throws RestException 400 if it is none, or holds a number or a text that others cannot read
     */
    static JsonNode read(byte[] bytes) {
        JsonNode json;
        try {
            json = JSON.readTree(bytes);
        } catch (JsonProcessingException noJson) {
            String reason = PARSERS_ADVICE.matcher(noJson.getOriginalMessage()).replaceFirst("");
            throw new RestException(400, "the body is no JSON: " + Shown.of(reason), noJson);
        } catch (IOException unreadable) {
            throw new RestException(400, "the body is no JSON: " + Shown.of(unreadable.getMessage()), unreadable);
        }
        if (json == null || json.isMissingNode()) {
            throw new RestException(400, "the body is empty, a JSON object is needed");
        }
        requireReadable(json);
        return json;
    }

    private static void requireReadable(JsonNode json) {
        if (json.isNumber() && !Double.isFinite(json.doubleValue())) {
            throw new RestException(400, "the body has the number " + Shown.of(json) + ", which is too large");
        }
        if (json.isTextual()) {
            requireUnicode(json.textValue());
        }
        for (Map.Entry<String, JsonNode> field : json.properties()) {
            requireUnicode(field.getKey());
        }
        json.forEach(JsonBody::requireReadable);
    }

    /** Half a surrogate pair can be written in JSON, but in no UTF-8. */
    private static void requireUnicode(String text) {
        if (text.codePoints().anyMatch(each -> each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE)) {
            throw new RestException(400, "the body has the text \"" + Shown.of(text) + "\", which is no Unicode");
        }
    }
}
