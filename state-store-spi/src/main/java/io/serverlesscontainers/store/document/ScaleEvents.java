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

    /** What an action has to look like, for a sentence. */
    static final String ALLOWED = "{\"events\":{\"scale\":{\"up\" or \"down\": count}}}";

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
        int up = count(scale.path("up"));
        int down = count(scale.path("down"));
        return up >= 0 && down >= 0 && up + down > 0 ? new ScaleEvents(up, down) : null;
    }

    /** A count, 0 where there is none; negative if what is there is no count. */
    private static int count(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return 0;
        }
        Long number = Fields.asLong(node);
        return number == null || number < 0 || number > MOST ? -1 : number.intValue();
    }

    /** The {@code action} object: these counts within everything else that {@code found}, if it is one, says. */
    ObjectNode toJson(JsonNode found) {
        if (found == null || !found.path("events").path("scale").isObject()) {
            return toJson();
        }
        ObjectNode action = (ObjectNode) Fields.copy("action", found);
        ObjectNode scale = (ObjectNode) action.path("events").path("scale");
        putUnlessSaid(scale, "up", up);
        putUnlessSaid(scale, "down", down);
        return action;
    }

    private static void putUnlessSaid(ObjectNode scale, String direction, int amount) {
        if (count(scale.path(direction)) != amount) {
            scale.put(direction, amount);
        }
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
