package io.serverlesscontainers.core.spi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whether one condition of a rule held for a fact, and for which numbers. Immutable.
 *
 * @param condition the condition as a person reads it: {@code usage > upper}
 * @param values the numbers that it reads, by the name that they have in it, in the order in which they first occur
 * @param held whether it held
 * @param failure why it could not be evaluated, as in {@code division by zero}; it did not hold then
 */
public record ConditionExplanation(
        String condition, Map<String, Double> values, boolean held, Optional<String> failure) {

    /** Copies the values, and refuses a condition that held although it could not be evaluated. */
    public ConditionExplanation {
        Objects.requireNonNull(condition, "condition");
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (held && failure.isPresent()) {
            throw new IllegalArgumentException("condition '" + condition + "' held and failed");
        }
    }

    /** A condition that was evaluated. */
    public static ConditionExplanation of(String condition, Map<String, Double> values, boolean held) {
        return new ConditionExplanation(condition, values, held, Optional.empty());
    }

    /** A condition that could not be evaluated; the failure is the end of a sentence. */
    public static ConditionExplanation failed(String condition, Map<String, Double> values, String failure) {
        return new ConditionExplanation(condition, values, false, Optional.of(failure));
    }

    /** In plain words, without a full stop: {@code usage > upper is true (usage 95.2, upper 90)}. */
    public String sentence() {
        return verdict() + Numbers.inBrackets(values);
    }

    /** The same without the values. */
    String verdict() {
        return condition + failure.map(why -> " failed: " + why).orElse(held ? " is true" : " is false");
    }

    /** The fields {@code condition}, {@code held}, {@code values}, and {@code failure} if it failed. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("condition", condition).put("held", held);
        ObjectNode numbers = json.putObject("values");
        values.forEach((name, value) -> numbers.set(name, Numbers.toJson(value)));
        failure.ifPresent(why -> json.put("failure", why));
        return json;
    }
}
