package io.serverlesscontainers.examples.services;

import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.core.lease.Lease;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.couchdb.CouchDbStateStore;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.opentsdb.OpenTsdbMetricSource;
import io.serverlesscontainers.policy.StoredRulesPolicy;
import io.serverlesscontainers.store.StateStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * A Guardian or a Scaler in a process of its own that works when it is told to, for {@link ManyHosts}. It is put together
 * as the service is, but for its clock, which shows what it is told:
 *
 * <pre>
 * run 1763769600 500   one window at that time, once there are 500 requests in the state; -1 waits for none
 * memory               collects garbage
 * </pre>
 *
 * It answers {@code READY}, {@code DONE micros requests what}, {@code USED bytes}, and ends with its standard input.
 */
final class ServiceOnDemand {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private ServiceOnDemand() {}

    /** Takes the service, the URL of CouchDB, the URL of OpenTSDB, and when its clock starts. */
    public static void main(String[] args) throws Exception {
        String service = args[0];
        var clock = VirtualClock.startingAt(Instant.ofEpochSecond(Long.parseLong(args[3])));
        var requests = new LongAdder();
        OkHttpClient client = counting(requests);
        ExecutorService rules = Executors.newSingleThreadExecutor();
        try (StateStore store = CouchDbStateStore.builder(args[1])
                        .client(client)
                        .timeout(PATIENCE)
                        .build();
                Work work = service.equals(GuardianWork.SERVICE)
                        ? guardian(store, args[2], client, rules, clock)
                        : scaler(store, clock)) {
            var configuration = new Configuration(store, service, System.err::println);
            System.out.println("READY");
            var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("memory")) {
                    System.gc();
                    Runtime runtime = Runtime.getRuntime();
                    System.out.println("USED " + (runtime.totalMemory() - runtime.freeMemory()));
                    continue;
                }
                clock.advance(Duration.between(clock.instant(), Instant.ofEpochSecond(Long.parseLong(words[1]))));
                awaitRequests(store, Integer.parseInt(words[2]));
                long before = requests.sum();
                long start = System.nanoTime();
                configuration.refresh();
                String done = work.runOnce(configuration);
                long micros = (System.nanoTime() - start) / 1_000;
                System.out.println("DONE " + micros + " " + (requests.sum() - before) + " " + done);
            }
        } finally {
            rules.shutdownNow();
        }
    }

    private static Work guardian(
            StateStore store, String openTsdb, OkHttpClient client, ExecutorService rules, Clock clock) {
        return new GuardianWork(
                store,
                OpenTsdbMetricSource.builder(openTsdb)
                        .client(client)
                        .seriesPerQuery(8_000) // what this OpenTSDB has the stack for
                        .timeout(PATIENCE)
                        .build(),
                StoredRulesPolicy.following(store, rules, problem -> System.err.println(problem.sentence())),
                Mode.ENFORCE,
                clock,
                new Lease(store, GuardianWork.SERVICE, "bench", clock));
    }

    private static Work scaler(StateStore store, Clock clock) {
        return new ScalerWork(
                store,
                new RemoteHosts(store, HostAccess.plain()),
                query -> Usages.none(),
                clock,
                new Lease(store, ScalerWork.SERVICE, "bench", clock));
    }

    private static void awaitRequests(StateStore store, int count) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> count < 0 || store.requests().size() == count);
    }

    /** Those that wait for changes are not counted. */
    private static OkHttpClient counting(LongAdder requests) {
        return new OkHttpClient.Builder()
                .eventListener(new EventListener() {
                    @Override
                    public void connectionAcquired(Call call, Connection connection) {
                        if (!call.request().url().encodedPath().endsWith("/_changes")) {
                            requests.increment();
                        }
                    }
                })
                .build();
    }
}
