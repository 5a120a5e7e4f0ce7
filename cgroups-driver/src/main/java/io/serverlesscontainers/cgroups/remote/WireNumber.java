package io.serverlesscontainers.cgroups.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Limits as they stand in JSON: a number or the same as a text; {@code -1} or {@code "unlimited"} where there is none. */
final class WireNumber {
    static final int NO_LIMIT = -1;

    private static final String UNLIMITED = "unlimited";
    private static final long HIGHEST = 1_000_000_000;
    // A thousand digits are no limit of anything, and take their time.
    private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?");

    private WireNumber() {}

    /**
     * A limit that somebody wants: a whole number from 1 on.
     *
     * @param place where it stands, such as {@code cpu.cpu_allowance_limit}
     * @return empty for no limit
     * @throws IllegalArgumentException with one sentence, if it is anything else
     */
    static OptionalLong wanted(JsonNode json, Resource resource, String place) {
        BigDecimal number = number(json);
        if (isNoLimit(json, number)) {
            return OptionalLong.empty();
        }
        boolean whole = number != null && number.stripTrailingZeros().scale() <= 0;
        if (!whole || number.signum() <= 0 || number.compareTo(BigDecimal.valueOf(HIGHEST)) > 0) {
            throw new IllegalArgumentException(place + " is " + Shown.of(json) + ", a whole number of "
                    + resource.unit() + " from 1 to " + HIGHEST + " is needed, or -1 for no limit");
        }
        return OptionalLong.of(number.longValueExact());
    }

    /**
     * A limit that is in force, cut to a whole number.
     *
     * @return empty for no limit
     * @throws IllegalArgumentException with one sentence, if it is no limit at all
     */
    static OptionalLong inForce(JsonNode json, String place) {
        BigDecimal number = number(json);
        if (isNoLimit(json, number)) {
            return OptionalLong.empty();
        }
        if (number == null || number.signum() < 0 || number.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(place + " is " + Shown.of(json) + ", which is no limit");
        }
        return OptionalLong.of(number.setScale(0, RoundingMode.DOWN).longValueExact());
    }

    private static boolean isNoLimit(JsonNode json, BigDecimal number) {
        return number == null
                ? json.isTextual() && json.textValue().strip().equalsIgnoreCase(UNLIMITED)
                : number.compareTo(BigDecimal.valueOf(NO_LIMIT)) == 0;
    }

    /** Null if it is none. */
    private static BigDecimal number(JsonNode json) {
        if (!json.isNumber() && !json.isTextual()) {
            return null;
        }
        String text = json.asText().strip();
        return PLAIN.matcher(text).matches() ? new BigDecimal(text) : null;
    }
}
