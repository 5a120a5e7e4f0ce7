package io.serverlesscontainers.store.document;

import java.util.Locale;

/** Which way a limit is to move. */
public enum Direction {
    /** The limit grows. */
    UP,
    /** The limit shrinks. */
    DOWN;

    /** The word on the wire. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
