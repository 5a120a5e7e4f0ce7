package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.guardian.Guardian;
import io.serverlesscontainers.core.guardian.GuardianSettings;
import io.serverlesscontainers.core.guardian.GuardianWindow;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.lease.Renewal;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.opentsdb.OpenTsdbMetricSource;
import io.serverlesscontainers.policy.StoredRulesPolicy;
import io.serverlesscontainers.store.StateStore;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/** The parts of a Guardian's service, put together as the service does it: with the rules of the store and a lease. */
final class GuardianService implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What this OpenTSDB has the stack for. */
    private static final int SERIES_PER_QUERY = 8_000;

    private final CouchDbStateStore store;
    private final OpenTsdbMetricSource source;
    private final ExecutorService rules = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "rules");
        thread.setDaemon(true);
        return thread;
    });
    private final StoredRulesPolicy policy;
    private final Lease lease;
    private final Guardian guardian;
    private long usageNanos;
    private int characters;

    GuardianService(
            HttpUrl server,
            UnaryOperator<String> databases,
            String openTsdb,
            MovingUsage usage,
            OkHttpClient client,
            Clock clock) {
        store = CouchDbStateStore.builder(server.toString())
                .databases(databases)
                .client(client)
                .timeout(PATIENCE)
                .build();
        source = OpenTsdbMetricSource.builder(openTsdb)
                .mapping(usage.mapping())
                .client(client)
                .seriesPerQuery(SERIES_PER_QUERY)
                .timeout(PATIENCE)
                .build();
        policy = StoredRulesPolicy.following(store, rules, problem -> {
            throw new IllegalStateException(problem.sentence());
        });
        lease = new Lease(store, "guardian", "bench", clock);
        guardian = new Guardian(
                store,
                query -> {
                    long start = System.nanoTime();
                    try {
                        return source.usage(query);
                    } finally {
                        usageNanos = System.nanoTime() - start;
                    }
                },
                policy,
                GuardianSettings.stock(),
                clock,
                this::tell,
                lease);
    }

    /** As it would be logged. */
    private void tell(GuardianDecision decision) {
        if (decision.isScaling()) {
            characters += decision.sentence().length();
        }
    }

    GuardianWindow window() {
        Renewal renewal = lease.renew(guardian.settings().window());
        GuardianWindow window = guardian.runOnce();
        if (!renewal.problems().isEmpty() || !window.problems().isEmpty()) {
            throw new IllegalStateException(renewal.problems() + " " + window.problems());
        }
        if (!window.requests().isEmpty() && characters == 0) {
            throw new IllegalStateException("requests without decisions");
        }
        return window;
    }

    StateStore store() {
        return store;
    }

    /** How long the window before took to have its usage. */
    long usageNanos() {
        return usageNanos;
    }

    @Override
    public void close() {
        guardian.close();
        lease.close();
        policy.close();
        rules.shutdownNow();
        source.close();
        store.close();
    }
}
