package io.serverlesscontainers.couchdb;

import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * The {@code _id}s that this store gives to events and requests: the time of adding in microseconds, which no two of one
 * store share, and a number that no two stores share. So a repeated write is recognised, and their order can be told.
 */
final class EntryIds {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}-[0-9a-f]{16}");

    private final Clock clock;
    private final AtomicLong latestMicros = new AtomicLong();
    private final String store =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

    EntryIds(Clock clock) {
        this.clock = clock;
    }

    String next() {
        Instant now = clock.instant();
        long micros = Math.addExact(now.getEpochSecond() * 1_000_000, now.getNano() / 1_000);
        long unique = latestMicros.updateAndGet(latest -> Math.max(latest + 1, micros));
        return HexFormat.of().toHexDigits(unique) + "-" + store;
    }

    /** When an entry was added, in microseconds; of other programs' entries all that is known is their timestamp. */
    static long addedMicros(String id, Instant timestamp) {
        return FORM.matcher(id).matches()
                ? HexFormat.fromHexDigitsToLong(id, 0, 16)
                : Math.multiplyExact(timestamp.getEpochSecond(), 1_000_000L);
    }
}
