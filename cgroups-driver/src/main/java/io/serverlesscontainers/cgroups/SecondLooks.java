package io.serverlesscontainers.cgroups;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When to look again at a container that lacks some of the cgroups that it could have: each time while it is new, as it
 * may be being started, and now and then later, as somebody may enable a controller. One that never gets them must not cost
 * a search each time. May be used by any thread.
 */
final class SecondLooks {
    static final Duration NEW = Duration.ofSeconds(10);
    static final Duration NOW_AND_THEN = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private final long found;
    private volatile long looked;

    /** For a container that was found just now. */
    SecondLooks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.found = nanoTime.getAsLong();
        this.looked = found;
    }

    /** Whether it is time; whoever is told so looks. */
    boolean isDue() {
        long now = nanoTime.getAsLong();
        boolean due = now - found < NEW.toNanos() || now - looked >= NOW_AND_THEN.toNanos();
        if (due) {
            looked = now;
        }
        return due;
    }
}
