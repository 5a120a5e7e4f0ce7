package io.serverlesscontainers.opentsdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/** Metrics that the server does not know, each for a while. */
final class MissingMetrics {
    private static final int MOST = 10_000;

    private final Cache<String, Boolean> metrics;

    MissingMetrics(Duration remembered) {
        metrics = Caffeine.newBuilder()
                .executor(Runnable::run) // no thread but the caller's
                .expireAfterWrite(remembered)
                .maximumSize(MOST)
                .build();
    }

    void add(String metric) {
        metrics.put(metric, true);
    }

    boolean contains(String metric) {
        return metrics.getIfPresent(metric) != null;
    }
}
