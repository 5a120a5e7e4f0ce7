package io.serverlesscontainers.examples.service.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often one address may ask: a bucket of tokens each, which holds two seconds' worth and fills steadily. Only so many
 * addresses are remembered; the one that was quiet for longest is forgotten first, and has a full bucket again. Thread-safe.
 */
final class RateLimit {
    private static final int MOST_ADDRESSES = 1_024;
    private static final int SECONDS_IN_BUCKET = 2;

    private final double perNanosecond;
    private final double full;
    private final LongSupplier nanoTime;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    private static final class Bucket {
        private double tokens;
        private long filledAt;
    }

    RateLimit(int perSecond, LongSupplier nanoTime) {
        this.perNanosecond = (double) perSecond / TimeUnit.SECONDS.toNanos(1);
        this.full = (double) perSecond * SECONDS_IN_BUCKET;
        this.nanoTime = nanoTime;
    }

    /** Takes a token of an address; whether there was one. */
    synchronized boolean allows(String address) {
        long now = nanoTime.getAsLong();
        Bucket bucket = buckets.computeIfAbsent(address, first -> {
            var fresh = new Bucket();
            fresh.tokens = full;
            fresh.filledAt = now;
            return fresh;
        });
        bucket.tokens = Math.min(full, bucket.tokens + (now - bucket.filledAt) * perNanosecond);
        bucket.filledAt = now;
        if (bucket.tokens < 1) {
            return false;
        }
        bucket.tokens--;
        return true;
    }
}
