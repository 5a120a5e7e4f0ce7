package io.serverlesscontainers.core.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.stream.Collectors;

/** The numbers of an explanation, for people and for programs; most of them are whole. */
final class Numbers {
    private static final double LARGEST_EXACT = 1L << 53;
    private static final int DIGITS = 3;

    private Numbers() {}

    static JsonNode toJson(double number) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return isWhole(number) ? json.numberNode((long) number) : json.numberNode(number);
    }

    /** Some values by name, as an insertion into a sentence; nothing if there are none. */
    static String inBrackets(Map<String, Double> values) {
        return values.isEmpty()
                ? ""
                : values.entrySet().stream()
                        .map(value -> value.getKey() + " " + text(value.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** With three digits after the point, unless that makes 90.0001 look like a threshold of 90 that it is above. */
    private static String text(double number) {
        if (isWhole(number)) {
            return Long.toString((long) number);
        }
        if (Double.isNaN(number) || Math.abs(number) >= LARGEST_EXACT) {
            return Double.toString(number);
        }
        BigDecimal exact = BigDecimal.valueOf(number);
        BigDecimal rounded = exact.setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return rounded.scale() <= 0 ? Double.toString(number) : rounded.toPlainString();
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && Math.abs(number) < LARGEST_EXACT;
    }
}
