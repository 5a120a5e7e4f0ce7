package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A scaling rule: a condition in JSON logic, and what follows where it holds. The components are the document's fields
 * as they are; {@link #scaleEvents()} and {@link #rescale()} say what they mean, in both spellings. A document of more
 * than 100000 characters has a problem.
 *
 * @param name unique among rules
 * @param resource the resource it looks at; empty where the document names none that exists
 * @param condition the JSON-logic expression; must not be changed
 * @param generates events, or requests
 * @param action what an event rule's events carry, or the names of a request rule's requests; must not be changed
 * @param amount by how much a request moves the limit
 * @param rescalePolicy {@code amount}, {@code fit_to_usage} or {@code proportional}
 * @param rescaleType {@code up} or {@code down}
 * @param rescaleBy the older spelling of {@code rescalePolicy}, with the direction in the amount's sign or the name
 * @param eventsToRemove how many events a fired request rule consumes
 * @param active whether it is in force; absent counts as yes
 * @param otherFields fields that are none of the above
 * @param problems what could not be read
 */
public record Rule(
        String name,
        Optional<Resource> resource,
        Optional<JsonNode> condition,
        Optional<Generates> generates,
        Optional<JsonNode> action,
        OptionalLong amount,
        Optional<String> rescalePolicy,
        Optional<String> rescaleType,
        Optional<String> rescaleBy,
        OptionalLong eventsToRemove,
        Optional<Boolean> active,
        Map<String, JsonNode> otherFields,
        List<Problem> problems)
        implements Document {
    // A hundred times what a rule needs.
    private static final int MOST_CHARACTERS = 100_000;

    /** What a rule brings forth. */
    public enum Generates {
        /** From usage and thresholds: events. */
        EVENTS,
        /** From event counts: requests. */
        REQUESTS;

        /** The word on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Generates ofWireName(String wireName) {
            for (Generates generates : values()) {
                if (generates.wireName().equals(wireName)) {
                    return generates;
                }
            }
            return null;
        }
    }

    /** Copies the collections. */
    public Rule {
        Names.check(name);
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
        problems = List.copyOf(problems);
    }

    @Override
    public DocumentKind<Rule> kind() {
        return DocumentKind.RULES;
    }

    /** Whether it is in force. */
    public boolean isActive() {
        return active.orElse(true);
    }

    /**
     * What the events of an event rule count.
     *
     * @throws DocumentException if the action does not say
     */
    public ScaleEvents scaleEvents() {
        ScaleEvents events = action.map(ScaleEvents::fromJson).orElse(null);
        if (events == null) {
            throw unusable("action", action.map(Shown::of).orElseGet(() -> shown("action")), ScaleEvents.ALLOWED);
        }
        return events;
    }

    /**
     * What a request rule does to the limit.
     *
     * @throws DocumentException if the policy is unknown, or the amount that it needs is missing
     */
    public Rescale rescale() {
        Rescale.Policy policy = policy();
        Optional<Direction> stated = statedDirection();
        if (policy == Rescale.Policy.FIT_TO_USAGE) {
            return new Rescale(policy, stated.or(this::directionOfName).orElse(Direction.DOWN), 0);
        }
        long size = amount.orElseThrow(() -> refused(
                "amount",
                "is " + shown("amount") + ", a whole number is needed (rescale_policy is '" + policy.wireName()
                        + "')"));
        if (size == Long.MIN_VALUE) {
            throw unusable("amount", Long.toString(size), "a number that has an opposite");
        }
        Direction direction = stated.orElse(size < 0 ? Direction.DOWN : Direction.UP);
        return new Rescale(policy, direction, direction == Direction.UP ? Math.abs(size) : -Math.abs(size));
    }

    private Rescale.Policy policy() {
        String field = rescalePolicy.isPresent() ? "rescale_policy" : "rescale_by";
        Optional<String> word = rescalePolicy.or(() -> rescaleBy);
        for (Rescale.Policy policy : Rescale.Policy.values()) {
            if (word.isPresent() && policy.wireName().equals(word.get())) {
                return policy;
            }
        }
        throw unusable(
                field,
                word.map(it -> "'" + Shown.of(it) + "'").orElseGet(() -> shown(field)),
                "'amount', 'fit_to_usage' or 'proportional'");
    }

    private Optional<Direction> statedDirection() {
        if (rescaleType.isEmpty()) {
            return Optional.empty();
        }
        for (Direction direction : Direction.values()) {
            if (direction.wireName().equals(rescaleType.get())) {
                return Optional.of(direction);
            }
        }
        throw unusable("rescale_type", "'" + Shown.of(rescaleType.get()) + "'", "'up' or 'down'");
    }

    private Optional<Direction> directionOfName() {
        String lowerCase = name.toLowerCase(Locale.ROOT);
        if (lowerCase.contains("down")) {
            return Optional.of(Direction.DOWN);
        }
        return lowerCase.contains("up") ? Optional.of(Direction.UP) : Optional.empty();
    }

    private DocumentException unusable(String field, String found, String allowed) {
        return refused(field, "is " + found + ", " + allowed + " is needed");
    }

    private DocumentException refused(String field, String whatIsWrong) {
        return new DocumentException(
                Problem.ofField(Shown.named("rule", name), JsonPointer.empty().appendProperty(field), whatIsWrong));
    }

    /** A field that is no component: missing, or unreadable and therefore among the others. */
    private String shown(String field) {
        return Shown.of(otherFields.get(field));
    }

    static Rule fromJson(JsonNode json) {
        Fields fields = Fields.ofNamed("rule", json);
        fields.reportBeyond(MOST_CHARACTERS, json);
        String name = fields.requiredText("name");
        fields.dropUsual("type", "rule");
        return new Rule(
                name,
                fields.take(
                        "resource",
                        "one of " + ResourceNames.ALL,
                        node -> Resource.ofWireName(node.asText()).orElse(null)),
                fields.take("rule", "a JSON-logic expression", node -> node),
                fields.take("generates", "'events' or 'requests'", node -> Generates.ofWireName(node.asText())),
                fields.take("action", "a JSON object", node -> node.isObject() ? node : null),
                fields.wholeNumber("amount"),
                fields.text("rescale_policy"),
                fields.text("rescale_type"),
                fields.text("rescale_by"),
                fields.wholeNumber("events_to_remove"),
                fields.flag("active"),
                fields.rest(),
                fields.problems());
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "rule", otherFields);
        json.put("name", name);
        resource.ifPresent(it -> json.put("resource", it.wireName()));
        condition.ifPresent(it -> json.set("rule", Fields.copy("rule", it)));
        generates.ifPresent(it -> json.put("generates", it.wireName()));
        action.ifPresent(it -> json.set("action", Fields.copy("action", it)));
        Fields.put(json, "amount", amount);
        Fields.putText(json, "rescale_policy", rescalePolicy);
        Fields.putText(json, "rescale_type", rescaleType);
        Fields.putText(json, "rescale_by", rescaleBy);
        Fields.put(json, "events_to_remove", eventsToRemove);
        Fields.putFlag(json, "active", active);
        Fields.putOthers(json, otherFields);
        return json;
    }
}
