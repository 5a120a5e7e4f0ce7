package io.serverlesscontainers.examples.services;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ServiceDocument;
import io.serverlesscontainers.store.document.Structure;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A service's configuration, as its document has it at the last {@link #refresh}. What is not there has its stock value. A
 * value that cannot be used is told once, and the last good one stays. Numbers and flags may be texts. For one thread.
 */
final class Configuration {
    private static final BigDecimal MOST_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(365).toSeconds());

    private final StateStore store;
    private final String service;
    private final Consumer<String> problems;
    private final Map<String, Object> lastGood = new HashMap<>();
    private final Map<String, String> told = new HashMap<>();
    private Map<String, JsonNode> config = Map.of();

    /**
     * The configuration of one service, not read yet.
     *
     * @param service the name of its document
     * @param problems is told a sentence for each value that cannot be used, when that begins
     */
    Configuration(StateStore store, String service, Consumer<String> problems) {
        this.store = store;
        this.service = service;
        this.problems = problems;
    }

    /** Reads the document anew; where there is none, all values are the stock ones. */
    void refresh() {
        Optional<ServiceDocument> document =
                store.find(DocumentKind.SERVICES, service).map(found -> found.document());
        config = document.map(ServiceDocument::config).orElse(Map.of());
        if (document.isEmpty()) {
            tell("", "there is no service '" + service + "' in the state, so its stock values hold");
        } else {
            told.remove("");
        }
    }

    /** Whether the service is to work. */
    boolean isActive() {
        return flag("ACTIVE", true);
    }

    /** Whether it is to tell more than one line a window. */
    boolean isDebug() {
        return flag("DEBUG", false);
    }

    /** Yes or no. */
    boolean flag(String key, boolean usual) {
        return value(key, usual, "true or false is needed", node -> switch (node.asText()
                .toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> null;
        });
    }

    /** A span of more than 0 seconds; fractions are fine. */
    Duration span(String key, Duration usual) {
        return value(
                key,
                usual,
                "a number of seconds above 0 is needed",
                node -> seconds(node).filter(span -> !span.isZero()).orElse(null));
    }

    /** A span of 0 seconds or more. */
    Duration delay(String key, Duration usual) {
        return value(
                key,
                usual,
                "a number of seconds from 0 on is needed",
                node -> seconds(node).orElse(null));
    }

    private static Optional<Duration> seconds(JsonNode node) {
        if (!node.isNumber() && !node.isTextual()) {
            return Optional.empty();
        }
        BigDecimal seconds = new BigDecimal(node.asText().strip());
        return seconds.signum() < 0 || seconds.compareTo(MOST_SECONDS) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(seconds.movePointRight(3).longValue()));
    }

    /** Resources, by their names on the wire. */
    Set<Resource> resources(String key, Set<Resource> usual) {
        return value(key, usual, "a list of resources such as [\"cpu\", \"mem\"] is needed", node -> {
            Set<Resource> resources = EnumSet.noneOf(Resource.class);
            for (JsonNode each : list(node)) {
                resources.add(Resource.ofWireName(each.asText()).orElseThrow());
            }
            return resources.isEmpty() ? null : resources;
        });
    }

    /** Words. */
    Set<String> words(String key, Set<String> usual) {
        return value(key, usual, "a list of words is needed", node -> {
            Set<String> words = new LinkedHashSet<>();
            for (JsonNode each : list(node)) {
                if (!each.isTextual() || each.textValue().isEmpty()) {
                    return null;
                }
                words.add(each.textValue());
            }
            return words;
        });
    }

    /** What structures can be. */
    Set<Structure.Subtype> subtypes(String key, Set<Structure.Subtype> usual) {
        return value(key, usual, "a list such as [\"application\"] is needed", Configuration::subtypes);
    }

    /** What structures can be, of those that it makes a difference for. */
    Set<Structure.Subtype> subtypes(String key, Set<Structure.Subtype> usual, Set<Structure.Subtype> allowed) {
        String words =
                allowed.stream().map(each -> "\"" + each.wireName() + "\"").collect(Collectors.joining(", "));
        return value(key, usual, "a list of [" + words + "] is needed", node -> {
            Set<Structure.Subtype> subtypes = subtypes(node);
            return allowed.containsAll(subtypes) ? subtypes : null;
        });
    }

    private static Set<Structure.Subtype> subtypes(JsonNode node) {
        Set<Structure.Subtype> subtypes = EnumSet.noneOf(Structure.Subtype.class);
        for (JsonNode each : list(node)) {
            subtypes.add(subtype(each.asText()));
        }
        return subtypes;
    }

    /** What a structure can be. */
    Structure.Subtype subtype(String key, Structure.Subtype usual) {
        return value(key, usual, "container or application is needed", node -> subtype(node.asText()));
    }

    private static Structure.Subtype subtype(String word) {
        return Structure.Subtype.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static JsonNode list(JsonNode node) {
        if (!node.isArray()) {
            throw new IllegalArgumentException("no list");
        }
        return node;
    }

    /**
     * A value.
     *
     * @param reader answers null, or throws, for what cannot be used
     */
    @SuppressWarnings("unchecked") // put in under this key, by the same caller
    <T> T value(String key, T usual, String needed, Function<JsonNode, T> reader) {
        JsonNode node = config.get(key);
        if (node == null) {
            lastGood.remove(key);
            told.remove(key);
            return usual;
        }
        T read;
        try {
            read = reader.apply(node);
        } catch (RuntimeException unusable) {
            read = null;
        }
        if (read == null) {
            T kept = (T) lastGood.getOrDefault(key, usual);
            tell(
                    key,
                    "service '" + service + "': " + key + " is " + shown(node) + ", " + needed + "; " + kept
                            + " stays");
            return kept;
        }
        told.remove(key);
        lastGood.put(key, read);
        return read;
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    private void tell(String key, String sentence) {
        if (!sentence.equals(told.put(key, sentence))) {
            problems.accept(sentence);
        }
    }
}
