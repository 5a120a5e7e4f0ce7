package io.serverlesscontainers.opentsdb;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;

/**
 * Which names the server has: OpenTSDB refuses a whole query for one name that it has never seen, and new structures have
 * no data yet. A name that was in an answer is known from then on; a metric or structure that was not is left alone for a
 * while.
 */
final class KnownNames {
    private static final Duration UNUSED = Duration.ofHours(1);
    private static final int MOST = 100_000;

    private final Cache<String, Boolean> structures;
    private final Cache<String, Boolean> missingStructures;
    private final Cache<String, Boolean> missingMetrics;

    KnownNames(Duration forgetStructures, Duration forgetMetrics, Ticker ticker) {
        structures = Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run) // no thread but the caller's
                .expireAfterAccess(UNUSED)
                .maximumSize(MOST)
                .build();
        missingStructures = forgetting(forgetStructures, ticker);
        missingMetrics = forgetting(forgetMetrics, ticker);
    }

    private static Cache<String, Boolean> forgetting(Duration after, Ticker ticker) {
        return Caffeine.newBuilder()
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfterWrite(after)
                .maximumSize(MOST)
                .build();
    }

    boolean hasStructure(String name) {
        return structures.getIfPresent(name) != null;
    }

    boolean lacksStructure(String name) {
        return missingStructures.getIfPresent(name) != null;
    }

    boolean lacksMetric(String metric) {
        return missingMetrics.getIfPresent(metric) != null;
    }

    void structureFound(String name) {
        structures.put(name, true);
    }

    /** Has no data; whether the server knows its name is open. */
    void structureMissing(String name) {
        missingStructures.put(name, true);
    }

    /** The server does not know the name after all. */
    void structureUnknown(String name) {
        structures.invalidate(name);
    }

    /** It may be another server's data by now. */
    void noStructureKnown() {
        structures.invalidateAll();
    }

    void metricMissing(String metric) {
        missingMetrics.put(metric, true);
    }
}
