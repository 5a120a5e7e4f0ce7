package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.store.document.Shown;
import java.util.Optional;

/** What OpenTSDB allows in the names of metrics, tags and their values. */
final class Names {
    static final String ALLOWED = "letters, digits and -_./ are allowed";

    private Names() {}

    static boolean areAllowed(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!isAllowed(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    /** Half a sentence that says what is wrong with a name; empty if nothing is. */
    static Optional<String> problem(String what, String name) {
        return areAllowed(name)
                ? Optional.empty()
                : Optional.of("the " + what + " is '" + Shown.of(name) + "'; one or more " + ALLOWED);
    }

    static String required(String what, String name) {
        problem(what, name).ifPresent(wrong -> {
            throw new IllegalArgumentException(wrong);
        });
        return name;
    }

    private static boolean isAllowed(char letter) {
        return letter >= 'a' && letter <= 'z'
                || letter >= 'A' && letter <= 'Z'
                || letter >= '0' && letter <= '9'
                || letter == '-'
                || letter == '_'
                || letter == '.'
                || letter == '/';
    }
}
