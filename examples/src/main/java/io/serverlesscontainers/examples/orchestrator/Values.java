package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.document.Shown;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Values as scripts send them: numbers and truth values are often texts. */
final class Values {
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,15}");
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,15}\\.[0-9]{1,15}");
    private static final int BAD_REQUEST = 400;

    private Values() {}

    /** The {@code value} of a body. */
    static JsonNode value(JsonNode body) {
        JsonNode value = body.get("value");
        if (value == null) {
            throw new RestException(
                    BAD_REQUEST, "the body is " + Shown.of(body) + ", an object such as {\"value\":2} is needed");
        }
        return value;
    }

    /** A whole number that is not negative. */
    static long amount(JsonNode value, String what) {
        JsonNode plain = plain(value);
        if (!plain.isIntegralNumber() || !plain.canConvertToLong() || plain.longValue() < 0) {
            throw new RestException(
                    BAD_REQUEST, what + " is " + Shown.of(value) + ", a whole number of 0 or more is needed");
        }
        return plain.longValue();
    }

    /** The same with texts that are numbers or truth values taken for what they are. */
    static JsonNode plain(JsonNode value) {
        if (!value.isTextual()) {
            return whole(value);
        }
        String text = value.textValue().strip();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return BooleanNode.valueOf(text.equalsIgnoreCase("true"));
        }
        if (WHOLE.matcher(text).matches()) {
            return LongNode.valueOf(Long.parseLong(text));
        }
        return DECIMAL.matcher(text).matches() ? whole(DecimalNode.valueOf(new BigDecimal(text))) : value;
    }

    /** 2.0 is 2. */
    private static JsonNode whole(JsonNode value) {
        boolean whole = value.isNumber() && value.canConvertToExactIntegral() && value.canConvertToLong();
        return whole ? LongNode.valueOf(value.longValue()) : value;
    }
}
