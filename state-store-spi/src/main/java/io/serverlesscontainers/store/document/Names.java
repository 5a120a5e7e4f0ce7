package io.serverlesscontainers.store.document;

/** What a document may be called. */
final class Names {
    private Names() {}

    /** Refuses the name that no document can be read back under. */
    static void check(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a document's name is '', at least one character is needed");
        }
    }
}
