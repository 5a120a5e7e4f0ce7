package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A host's core map as it is stored ({@code core_usage_mapping}): for each core, how many of its 100 shares each
 * container holds and how many are free.
 *
 * @param cores by core number, ascending
 */
public record CoreUsage(SortedMap<Integer, Core> cores) {

    /**
     * One core.
     *
     * @param free shares that no container holds
     * @param shares shares by container name; none of them 0
     */
    public record Core(long free, SortedMap<String, Long> shares) {
        /** Copies the map. */
        public Core {
            shares = Collections.unmodifiableSortedMap(new TreeMap<>(shares));
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
        try {
            for (Map.Entry<String, JsonNode> core : json.properties()) {
                if (!core.getValue().isObject()) {
                    return null;
                }
                cores.put(Integer.valueOf(core.getKey()), coreFromJson(core.getValue()));
            }
        } catch (NumberFormatException noNumber) {
            return null;
        }
        return new CoreUsage(cores);
    }

    private static Core coreFromJson(JsonNode json) {
        long free = 0;
        var shares = new TreeMap<String, Long>();
        for (Map.Entry<String, JsonNode> held : json.properties()) {
            long amount = Long.parseLong(held.getValue().asText());
            if (held.getKey().equals("free")) {
                free = amount;
            } else if (amount != 0) {
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
