package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.util.Arrays;
import java.util.Set;

/** What the settings of services may be; what nobody here knows may be any single value or list. */
final class ServiceKey {
    private static final Set<String> SPANS =
            Set.of("WINDOW_TIMELAPSE", "EVENT_TIMEOUT", "POLLING_FREQUENCY", "REQUEST_TIMEOUT");
    private static final String DELAY = "WINDOW_DELAY";
    private static final Set<String> FLAGS = Set.of("ACTIVE", "DEBUG", "CHECK_CORE_MAP");
    private static final String GUARDED = "STRUCTURE_GUARDED";
    private static final String RESOURCES = "GUARDABLE_RESOURCES";
    private static final int LONGEST_SPAN_SECONDS = 86_400;

    private ServiceKey() {}

    /**
     * The value, if it may be that.
     *
     * @throws RestException 400 otherwise
     */
    static JsonNode checked(String key, JsonNode value) {
        if (SPANS.contains(key)) {
            require(isSeconds(value, 1), key, value, "a whole number of seconds from 1 to " + LONGEST_SPAN_SECONDS);
        } else if (key.equals(DELAY)) {
            require(isSeconds(value, 0), key, value, "a whole number of seconds from 0 to " + LONGEST_SPAN_SECONDS);
        } else if (FLAGS.contains(key)) {
            require(value.isBoolean(), key, value, "true or false");
        } else if (key.equals(GUARDED)) {
            require(isSubtype(value), key, value, "container, application, host or user");
        } else if (key.equals(RESOURCES)) {
            require(areResources(value), key, value, "a list of resources such as [\"cpu\",\"mem\"]");
        } else {
            require(!value.isObject() && !value.isNull(), key, value, "a single value or a list");
        }
        return value;
    }

    private static boolean isSeconds(JsonNode value, long least) {
        return value.isIntegralNumber()
                && value.canConvertToLong()
                && value.longValue() >= least
                && value.longValue() <= LONGEST_SPAN_SECONDS;
    }

    private static boolean isSubtype(JsonNode value) {
        return Arrays.stream(Structure.Subtype.values())
                .anyMatch(subtype -> subtype.wireName().equals(value.textValue()));
    }

    private static boolean areResources(JsonNode value) {
        boolean all = value.isArray();
        for (JsonNode each : value) {
            all &= each.isTextual() && Resource.ofWireName(each.textValue()).isPresent();
        }
        return all;
    }

    private static void require(boolean fine, String key, JsonNode value, String needed) {
        if (!fine) {
            throw new RestException(400, Shown.of(key) + " is " + Shown.of(value) + ", " + needed + " is needed");
        }
    }
}
