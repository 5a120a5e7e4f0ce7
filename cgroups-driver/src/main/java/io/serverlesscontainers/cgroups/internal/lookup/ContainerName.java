package io.serverlesscontainers.cgroups.internal.lookup;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Which names of containers may become a part of a path. */
public final class ContainerName {
    private static final int MOST_BYTES = 2048;
    private static final int MOST_BYTES_OF_SEGMENT = 255;
    private static final int MOST_SHOWN = 80;

    private ContainerName() {}

    /** What is wrong with a name, as the rest of a sentence; empty if it is fine. */
    public static Optional<String> complaint(String name) {
        if (name.isEmpty()) {
            return Optional.of("the name is empty, at least one character is needed");
        }
        if (name.startsWith("/")) {
            return Optional.of("the name begins with '/', a path beneath the root of the hierarchy is needed");
        }
        if (name.codePoints().anyMatch(ContainerName::isUnprintable)) {
            return Optional.of("the name has a control character or one that no text can have");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            return Optional.of("the name is longer than " + MOST_BYTES + " bytes");
        }
        for (String segment : name.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return Optional.of("the name has the part '" + segment + "', which may lead elsewhere");
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES_OF_SEGMENT) {
                return Optional.of("a part of the name is longer than " + MOST_BYTES_OF_SEGMENT + " bytes");
            }
        }
        return Optional.empty();
    }

    /** A name as it may be shown, whatever it is. */
    public static String shown(String name) {
        var shown = new StringBuilder();
        name.codePoints()
                .limit(MOST_SHOWN)
                .forEach(letter -> shown.appendCodePoint(isUnprintable(letter) ? '?' : letter));
        return name.codePointCount(0, name.length()) > MOST_SHOWN
                ? shown.append('…').toString()
                : shown.toString();
    }

    private static boolean isUnprintable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            default -> false;
        };
    }
}
