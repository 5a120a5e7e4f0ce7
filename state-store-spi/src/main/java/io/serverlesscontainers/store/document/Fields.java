package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The fields of one JSON object while it is read. A field that could be read is taken out; what is left at the end,
 * unknown or unreadable, is kept with the document and written back as it was. Every unreadable field adds a problem.
 */
final class Fields {
    private static final BigDecimal LATEST_SECOND = new BigDecimal("1e11");

    /** What Jackson reads from a text unless told otherwise; one that was built may be deeper than the stack. */
    private static final int DEEPEST = 1_000;

    private final String subject;
    private final JsonPointer place;
    private final Map<String, JsonNode> rest = new LinkedHashMap<>();
    private final List<Problem> problems;

    private Fields(String subject, JsonPointer place, JsonNode object, List<Problem> problems) {
        this.subject = subject;
        this.place = place;
        this.problems = problems;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (isDeeper(field.getValue(), DEEPEST)) {
                throw new DocumentException(problemOf(field.getKey(), "is nested deeper than " + DEEPEST + " levels"));
            }
            // Containers are copied: the caller keeps the right to change its own tree.
            rest.put(field.getKey(), field.getValue().deepCopy());
        }
    }

    /** The top of a document without a name of its own. */
    static Fields of(String subject, JsonNode document) {
        if (!document.isObject()) {
            throw new DocumentException(new Problem(subject, "is " + Shown.of(document) + ", a JSON object is needed"));
        }
        return new Fields(subject, JsonPointer.empty(), document, new ArrayList<>());
    }

    /** The top of a document that must have a {@code name}. */
    static Fields ofNamed(String kind, JsonNode document) {
        if (!document.isObject()) {
            throw new DocumentException(new Problem(kind, "is " + Shown.of(document) + ", a JSON object is needed"));
        }
        JsonNode name = document.path("name");
        if (!name.isTextual() || name.textValue().isEmpty()) {
            throw new DocumentException(Problem.ofField(
                    named(kind, document.path("_id")),
                    JsonPointer.empty().appendProperty("name"),
                    "is " + Shown.of(name) + ", a text of at least one character is needed"));
        }
        return new Fields(Shown.named(kind, name.textValue()), JsonPointer.empty(), document, new ArrayList<>());
    }

    private static boolean isDeeper(JsonNode node, int levels) {
        if (levels == 0) {
            return node.isContainerNode();
        }
        for (JsonNode child : node) {
            if (isDeeper(child, levels - 1)) {
                return true;
            }
        }
        return false;
    }

    private static String named(String kind, JsonNode id) {
        return id.isTextual() ? Shown.named(kind, id.textValue()) : kind;
    }

    /** The object at {@code key}, for reading; it is taken out unless it is missing or not an object. */
    Optional<Fields> object(String key) {
        return take(
                key,
                "a JSON object",
                node -> node.isObject() ? new Fields(subject, place.appendProperty(key), node, problems) : null);
    }

    /** Takes a field out if it has its usual value, which is written anyway; another one is kept as found. */
    void dropUsual(String key, JsonNode usual) {
        if (usual.equals(rest.get(key))) {
            rest.remove(key);
        }
    }

    /** The same for a text. */
    void dropUsual(String key, String usual) {
        dropUsual(key, TextNode.valueOf(usual));
    }

    /** The value of a field, which stays in. */
    Optional<JsonNode> peek(String key) {
        JsonNode node = rest.get(key);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    Optional<String> text(String key) {
        return take(key, "a text", node -> node.isTextual() ? node.textValue() : null);
    }

    /** A text that must be there: the document is unusable without it. */
    String requiredText(String key) {
        return text(key).orElseThrow(() -> unusable(key, "a text"));
    }

    /** A resource that must be there. */
    Resource requiredResource(String key) {
        String allowed = "one of " + ResourceNames.ALL;
        return take(key, allowed, node -> Resource.ofWireName(node.asText()).orElse(null))
                .orElseThrow(() -> unusable(key, allowed));
    }

    /** Whole seconds since 1970 that must be there. */
    Instant requiredInstant(String key) {
        String allowed = "a time in seconds since 1970";
        return take(key, allowed, node -> {
                    BigDecimal seconds = asDecimal(node);
                    return seconds == null || seconds.abs().compareTo(LATEST_SECOND) > 0
                            ? null
                            : Instant.ofEpochSecond(seconds.longValue());
                })
                .orElseThrow(() -> unusable(key, allowed));
    }

    /** A whole number that must be there. */
    long requiredWholeNumber(String key) {
        return wholeNumber(key).orElseThrow(() -> unusable(key, "a whole number"));
    }

    /** A port number, which is a text on the wire but a number in some writers' documents. */
    Optional<String> portText(String key) {
        return take(key, "a port number", node -> node.isTextual() || node.isIntegralNumber() ? node.asText() : null);
    }

    Optional<Boolean> flag(String key) {
        return take(key, "true or false", node -> node.isBoolean() ? (Boolean) node.booleanValue() : null);
    }

    OptionalLong wholeNumber(String key) {
        Optional<Long> number = take(key, "a whole number", Fields::asLong);
        return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
    }

    OptionalDouble number(String key) {
        Optional<Double> number = take(key, "a number", node -> {
            BigDecimal decimal = asDecimal(node);
            Double value = decimal == null ? null : decimal.doubleValue();
            return value == null || value.isInfinite() ? null : value;
        });
        return number.isPresent() ? OptionalDouble.of(number.get()) : OptionalDouble.empty();
    }

    List<String> texts(String key) {
        return take(key, "a list of texts", node -> {
                    if (!node.isArray()) {
                        return null;
                    }
                    var texts = new ArrayList<String>(node.size());
                    for (JsonNode element : node) {
                        if (!element.isTextual()) {
                            return null;
                        }
                        texts.add(element.textValue());
                    }
                    return Collections.unmodifiableList(texts);
                })
                .orElse(List.of());
    }

    <T> Optional<T> take(String key, String allowed, Function<JsonNode, T> reader) {
        JsonNode node = rest.get(key);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        T value = reader.apply(node);
        if (value == null) {
            problem(key, node, allowed);
            return Optional.empty();
        }
        rest.remove(key);
        return Optional.of(value);
    }

    /** Whether a field is an array without elements. */
    boolean isEmptyArray(String key) {
        JsonNode node = rest.get(key);
        return node != null && node.isArray() && node.isEmpty();
    }

    /** Adds a problem for every field not taken yet whose name is no resource's. */
    void reportUnknownResources() {
        for (String key : rest.keySet()) {
            if (Resource.ofWireName(key).isEmpty()) {
                problems.add(problemOf(key, "is no resource; known are " + ResourceNames.ALL));
            }
        }
    }

    void problem(String key, JsonNode found, String allowed) {
        problems.add(problemOf(key, "is " + Shown.of(found) + ", " + allowed + " is needed"));
    }

    DocumentException unusable(String key, String allowed) {
        return new DocumentException(problemOf(key, "is " + Shown.of(rest.get(key)) + ", " + allowed + " is needed"));
    }

    private Problem problemOf(String key, String whatIsWrong) {
        return Problem.ofField(subject, place.appendProperty(key), whatIsWrong);
    }

    /** Adds a problem if the document has more characters than this. */
    void reportBeyond(int mostCharacters, JsonNode document) {
        DocumentSize.whereBeyond(mostCharacters, document)
                .ifPresent(where -> problems.add(Problem.ofField(
                        subject,
                        where,
                        "makes the document longer than the " + mostCharacters + " characters that are allowed")));
    }

    /** What nobody took, to be written back as it was. */
    Map<String, JsonNode> rest() {
        return Collections.unmodifiableMap(rest);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Adds the fields of {@code others} to {@code object} unless they are there. */
    static void putOthers(ObjectNode object, Map<String, JsonNode> others) {
        others.forEach((key, value) -> {
            if (!object.has(key)) {
                object.set(key, copy(key, value));
            }
        });
    }

    /**
     * A copy of a value, to be written.
     *
     * @throws DocumentException if it is nested deeper than what is read
     */
    static JsonNode copy(String key, JsonNode value) {
        if (isDeeper(value, DEEPEST)) {
            throw new DocumentException(new Problem(
                    "document", "its field '" + Shown.of(key) + "' is nested deeper than " + DEEPEST + " levels"));
        }
        return value.deepCopy();
    }

    /** Writes a field's usual value unless another one was found. */
    static void putUsual(ObjectNode object, String key, String usual, Map<String, JsonNode> others) {
        if (!others.containsKey(key)) {
            object.put(key, usual);
        }
    }

    /** Writes a section, which may be empty unless something else was found in its place. */
    static void putSection(ObjectNode object, String key, JsonNode section, Map<String, JsonNode> others) {
        if (!section.isEmpty() || !others.containsKey(key)) {
            object.set(key, section);
        }
    }

    static void put(ObjectNode object, String key, OptionalLong value) {
        value.ifPresent(number -> object.put(key, number));
    }

    static void put(ObjectNode object, String key, OptionalDouble value) {
        value.ifPresent(number -> object.put(key, number));
    }

    static void putText(ObjectNode object, String key, Optional<String> value) {
        value.ifPresent(text -> object.put(key, text));
    }

    static void putFlag(ObjectNode object, String key, Optional<Boolean> value) {
        value.ifPresent(flag -> object.put(key, flag));
    }

    /** A whole number, or null if the node is none. */
    static Long asLong(JsonNode node) {
        BigDecimal decimal = asDecimal(node);
        if (decimal == null) {
            return null;
        }
        try {
            return decimal.longValueExact();
        } catch (ArithmeticException fractionOrOverflow) {
            return null;
        }
    }

    /** A number, or a text that is one: scripts send both. */
    private static BigDecimal asDecimal(JsonNode node) {
        if (node.isNumber()) {
            double value = node.doubleValue();
            return Double.isNaN(value) || Double.isInfinite(value) ? null : node.decimalValue();
        }
        // 40 characters hold any long and any double; BigDecimal of a huge exponent would cost memory later.
        if (!node.isTextual() || node.textValue().length() > 40) {
            return null;
        }
        // BigDecimal takes the digits of every script, which other programs do not.
        if (node.textValue().chars().anyMatch(character -> character > 127)) {
            return null;
        }
        try {
            var decimal = new BigDecimal(node.textValue().strip());
            return Math.abs((long) decimal.scale()) > 400 ? null : decimal;
        } catch (NumberFormatException notANumber) {
            return null;
        }
    }
}
