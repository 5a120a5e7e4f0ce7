package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * How much an event, or a rule that generates it, counts in each direction: {@code {"events":{"scale":{"up":1}}}}.
 *
 * @param up towards scaling up, 0 or more
 * @param down towards scaling down, 0 or more
 */
public record ScaleEvents(int up, int down) {
    /** No event at all. */
    public static final ScaleEvents NONE = new ScaleEvents(0, 0);
    /** One bottleneck. */
    public static final ScaleEvents UP = new ScaleEvents(1, 0);
    /** One underuse. */
    public static final ScaleEvents DOWN = new ScaleEvents(0, 1);

    private static final int MOST = 1_000_000;

    /** Refuses negative counts. */
    public ScaleEvents {
        if (up < 0 || down < 0) {
            throw new IllegalArgumentException("event counts are 0 or more, not up " + up + " and down " + down);
        }
    }

    /** {@code Bottleneck} or {@code Underuse}: how the name of such an event ends. */
    public String word() {
        return up > 0 ? "Bottleneck" : "Underuse";
    }

    /** The counts of an {@code action} object, or null if it is no such object. */
    static ScaleEvents fromJson(JsonNode action) {
        JsonNode scale = action.path("events").path("scale");
        if (!scale.isObject()) {
            return null;
        }
        int up = scale.path("up").asInt(0);
        int down = scale.path("down").asInt(0);
        boolean usable = up >= 0 && down >= 0 && up <= MOST && down <= MOST && up + down > 0;
        return usable ? new ScaleEvents(up, down) : null;
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode scale = json.putObject("events").putObject("scale");
        if (up > 0) {
            scale.put("up", up);
        }
        if (down > 0) {
            scale.put("down", down);
        }
        return json;
    }
}
