package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names, pointers and values as a {@link Problem} shows them: on one line, and only the beginning of what is long,
 * however long it is and however deep it is nested. What would break the line or change its direction is shown as the
 * escape that JSON has for it.
 */
public final class Shown {
    private static final int LONGEST_NAME = 80;
    private static final int LONGEST_POINTER = 210;
    private static final int LONGEST_VALUE = 60;

    private static final Pattern LONG_KEY = Pattern.compile("([^/]{40})[^/]++");

    private Shown() {}

    /** A thing with a name, as the subject of a problem: {@code rule 'cpu_up'}. */
    public static String named(String kind, String name) {
        return kind + " '" + line(name, LONGEST_NAME) + "'";
    }

    /** A place in a document; of a long key on the way only the beginning, too. */
    public static String of(JsonPointer pointer) {
        return line(LONG_KEY.matcher(pointer.toString()).replaceAll("$1…"), LONGEST_POINTER);
    }

    /** A value, or {@code missing} if there is none. */
    public static String of(JsonNode json) {
        if (json == null || json.isMissingNode()) {
            return "missing";
        }
        var text = new StringBuilder();
        append(json, text);
        return line(text, LONGEST_VALUE);
    }

    /** A text without quotation marks. */
    public static String of(String text) {
        return line(text, LONGEST_VALUE);
    }

    /** Each level writes at least one character, so the levels end with the room. */
    private static void append(JsonNode json, StringBuilder text) {
        if (text.length() > LONGEST_VALUE) {
            return;
        }
        if (json.isArray()) {
            text.append('[');
            for (int i = 0; i < json.size() && text.length() <= LONGEST_VALUE; i++) {
                append(json.get(i), text.append(i == 0 ? "" : ","));
            }
            text.append(']');
        } else if (json.isObject()) {
            String separator = "{";
            for (Map.Entry<String, JsonNode> field : json.properties()) {
                if (text.length() > LONGEST_VALUE) {
                    return;
                }
                text.append(separator).append('"').append(of(field.getKey())).append("\":");
                append(field.getValue(), text);
                separator = ",";
            }
            text.append(json.isEmpty() ? "{}" : "}");
        } else if (json.isTextual() && json.textValue().length() > LONGEST_VALUE) {
            text.append('"').append(json.textValue(), 0, LONGEST_VALUE);
        } else if (json.isBinary() || json.isPojo()) {
            text.append("no JSON");
        } else {
            text.append(json);
        }
    }

    private static String line(CharSequence text, int longest) {
        var line = new StringBuilder();
        int next = 0;
        while (next < text.length()) {
            int codePoint = Character.codePointAt(text, next);
            String character = isPlain(codePoint) ? Character.toString(codePoint) : String.format("\\u%04x", codePoint);
            if (line.length() + character.length() > longest) {
                return line.append('…').toString();
            }
            line.append(character);
            next += Character.charCount(codePoint);
        }
        return line.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
