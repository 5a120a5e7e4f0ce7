package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A host's core map as it is stored ({@code core_usage_mapping}): for each core, how many of its 100 shares each
 * container holds and how many are free.
 *
 * @param cores by core number, ascending
 */
public record CoreUsage(SortedMap<Integer, Core> cores) {
    /** One spelling per number, so that no two cores of a document become one. */
    private static final Pattern CORE_NUMBER = Pattern.compile("0|[1-9][0-9]{0,5}");

    /**
     * One core.
     *
     * @param free shares that no container holds
     * @param shares shares by container name; none of them 0
     */
    public record Core(long free, SortedMap<String, Long> shares) {
        /** Copies the map without the zeros. */
        public Core {
            var held = new TreeMap<>(shares);
            held.values().removeIf(amount -> amount == 0);
            shares = Collections.unmodifiableSortedMap(held);
        }
    }

    /** Copies the map. */
    public CoreUsage {
        cores = Collections.unmodifiableSortedMap(new TreeMap<>(cores));
    }

    /** The map of a JSON object, or null if it is none. */
    static CoreUsage fromJson(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        var cores = new TreeMap<Integer, Core>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            Core core = coreFromJson(entry.getValue());
            if (core == null || !CORE_NUMBER.matcher(entry.getKey()).matches()) {
                return null;
            }
            cores.put(Integer.valueOf(entry.getKey()), core);
        }
        return new CoreUsage(cores);
    }

    private static Core coreFromJson(JsonNode json) {
        if (!json.isObject()) {
            return null;
        }
        long free = 0;
        var shares = new TreeMap<String, Long>();
        for (Map.Entry<String, JsonNode> held : json.properties()) {
            Long amount = Fields.asLong(held.getValue());
            if (amount == null || amount < 0) {
                return null;
            }
            if (held.getKey().equals("free")) {
                free = amount;
            } else {
                shares.put(held.getKey(), amount);
            }
        }
        return new Core(free, shares);
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        cores.forEach((number, core) -> {
            ObjectNode entry = json.putObject(Integer.toString(number));
            core.shares().forEach((String container, Long amount) -> entry.put(container, amount));
            entry.put("free", core.free());
        });
        return json;
    }
}
