package io.serverlesscontainers.store.tck;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/** Compares JSON by what it says: {@code 5}, {@code 5.0} and, where a number is written, {@code "5"} are the same. */
public final class JsonMeaning {
    private JsonMeaning() {}

    /** Where {@code actual} does not say all that {@code expected} says; empty if it does. It may say more. */
    public static Optional<String> missing(JsonNode expected, JsonNode actual) {
        return missing("", expected, actual);
    }

    private static Optional<String> missing(String path, JsonNode expected, JsonNode actual) {
        if (actual == null) {
            return Optional.of(path + " is missing, " + expected + " was expected");
        }
        if (expected.isObject() && actual.isObject()) {
            for (Map.Entry<String, JsonNode> field : expected.properties()) {
                Optional<String> difference =
                        missing(path + "/" + field.getKey(), field.getValue(), actual.get(field.getKey()));
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
        if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                Optional<String> difference = missing(path + "/" + i, expected.get(i), actual.get(i));
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
        return expected.equals(actual) || isSameNumber(expected, actual)
                ? Optional.empty()
                : Optional.of(path + " is " + actual + ", " + expected + " was expected");
    }

    private static boolean isSameNumber(JsonNode expected, JsonNode actual) {
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0;
        }
        if (!expected.isNumber() && !actual.isNumber()) {
            return false;
        }
        try {
            return new BigDecimal(expected.asText().strip())
                            .compareTo(new BigDecimal(actual.asText().strip()))
                    == 0;
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }
}
