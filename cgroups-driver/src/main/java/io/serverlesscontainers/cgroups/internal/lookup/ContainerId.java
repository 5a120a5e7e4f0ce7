package io.serverlesscontainers.cgroups.internal.lookup;

import java.util.regex.Pattern;

/** The IDs of containers that Docker, Podman, containerd and CRI-O give: 64 hexadecimal digits in lower case. */
final class ContainerId {
    /** For longer patterns. */
    static final String DIGITS = "[0-9a-f]{64}";

    private static final Pattern WHOLE = Pattern.compile(DIGITS);
    // As many as the engines themselves show.
    private static final Pattern PART = Pattern.compile("[0-9a-f]{12,64}");

    private ContainerId() {}

    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    /** Whether a text is this ID or its first 12 digits or more. */
    static boolean isMeant(String text, String id) {
        return PART.matcher(text).matches() && id.startsWith(text);
    }
}
