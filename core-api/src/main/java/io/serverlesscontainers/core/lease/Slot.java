package io.serverlesscontainers.core.lease;

import java.util.Objects;

/**
 * One part of all names, and whose it is.
 *
 * @param owner the member that owns it; empty if nobody does
 * @param freeFromMillis when somebody may take it that nobody owns, in milliseconds since 1970
 */
record Slot(String owner, long freeFromMillis) {
    Slot {
        Objects.requireNonNull(owner, "owner");
    }

    static Slot of(String owner) {
        return new Slot(owner, 0);
    }

    static Slot freeFrom(long millis) {
        return new Slot("", millis);
    }

    boolean isFree() {
        return owner.isEmpty();
    }

    /** Which slot a name belongs to: the same in every process. */
    static int of(String name, int slots) {
        int hash = name.hashCode();
        // Names that differ in their last digits only must not end up side by side.
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return Math.floorMod(hash ^ (hash >>> 16), slots);
    }
}
