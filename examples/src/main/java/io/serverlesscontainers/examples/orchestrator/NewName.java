package io.serverlesscontainers.examples.orchestrator;

import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.document.Shown;

/** What something new may be called. A path is a fine name for a container, as long as it leads nowhere else. */
final class NewName {
    private static final int BAD_REQUEST = 400;

    private NewName() {}

    /** Refuses, with 400, a name that leads elsewhere or cannot be shown as it is. */
    static void check(String name) {
        if (name.codePoints().anyMatch(NewName::isUnprintable)) {
            throw new RestException(
                    BAD_REQUEST, "the name '" + Shown.of(name) + "' has a character that cannot be printed");
        }
        if (name.startsWith("_")) {
            throw new RestException(
                    BAD_REQUEST,
                    "the name '" + Shown.of(name) + "' begins with '_', as only names of CouchDB's own do");
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new RestException(
                        BAD_REQUEST,
                        "the name '" + Shown.of(name) + "' has the part '" + part + "', which may lead elsewhere");
            }
        }
    }

    private static boolean isUnprintable(int letter) {
        return switch (Character.getType(letter)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
