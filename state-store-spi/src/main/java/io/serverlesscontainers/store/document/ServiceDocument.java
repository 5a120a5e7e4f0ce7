package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The configuration and the sign of life of one service.
 *
 * @param name the service's name
 * @param config its settings, as found; JSON nodes in it must not be changed
 * @param otherFields fields that are none of the above, {@code heartbeat} among them
 * @param problems what could not be read
 */
public record ServiceDocument(
        String name, Map<String, JsonNode> config, Map<String, JsonNode> otherFields, List<Problem> problems)
        implements Document {

    private static final DateTimeFormatter FOR_PEOPLE =
            DateTimeFormatter.ofPattern("MM/dd/yy HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Copies the collections. */
    public ServiceDocument {
        Names.check(name);
        config = Collections.unmodifiableMap(new LinkedHashMap<>(config));
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
        problems = List.copyOf(problems);
    }

    @Override
    public DocumentKind<ServiceDocument> kind() {
        return DocumentKind.SERVICES;
    }

    /** The same with one setting added or replaced. */
    public ServiceDocument withConfig(String key, JsonNode value) {
        var changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        return new ServiceDocument(name, changed, otherFields, problems);
    }

    /** The same with a sign of life: the time in whole seconds, and the same in UTC for people. */
    public ServiceDocument withHeartbeat(Instant at) {
        var changed = new LinkedHashMap<>(otherFields);
        changed.put("heartbeat", JsonNodeFactory.instance.numberNode(at.getEpochSecond()));
        changed.put("heartbeat_human", JsonNodeFactory.instance.textNode(FOR_PEOPLE.format(at)));
        return new ServiceDocument(name, config, changed, problems);
    }

    static ServiceDocument fromJson(JsonNode json) {
        Fields fields = Fields.ofNamed("service", json);
        String name = fields.requiredText("name");
        fields.dropUsual("type", "service");
        Map<String, JsonNode> config = fields.object("config").map(Fields::rest).orElse(Map.of());
        return new ServiceDocument(name, config, fields.rest(), fields.problems());
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "service", otherFields);
        json.put("name", name);
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        config.forEach((key, value) -> section.set(key, Fields.copy(key, value)));
        Fields.putSection(json, "config", section, otherFields);
        Fields.putOthers(json, otherFields);
        return json;
    }
}
