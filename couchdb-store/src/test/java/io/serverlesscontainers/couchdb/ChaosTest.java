package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What was acknowledged is there, once, however often the connection to the server went away in between. */
@Tag("long")
class ChaosTest {
    private static final int THREADS = 4;
    private static final int WRITES_EACH = 500;
    private static final int COUNTERS = 5;

    private final Set<String> created = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> events = ConcurrentHashMap.newKeySet();
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(COUNTERS);
    private final AtomicIntegerArray inDoubt = new AtomicIntegerArray(COUNTERS);

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void no_acknowledged_write_is_lost_or_doubled_while_connections_are_cut() throws Exception {
        CouchDbLike server = CouchDbLike.shared();
        String prefix = CouchDbLike.newPrefix();
        var traffic = new Traffic();
        var finished = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
        try (var proxy = new FaultyProxy(server.url());
                CouchDbStateStore direct = server.store(prefix).build()) {
            CouchDbStateStore store = CouchDbLike.store(proxy.url(), prefix)
                    .client(traffic.client())
                    .timeout(Duration.ofSeconds(1))
                    .build();
            try (store) {
                for (int i = 0; i < COUNTERS; i++) {
                    store.create(SERVICES, Documents.counter("counter" + i, 0));
                }
                store.findAll(LIMITS);
                store.events();
                Future<?> trouble = threads.submit(() -> trouble(proxy, finished));
                var writers = new ArrayList<Future<?>>();
                for (int thread = 0; thread < THREADS; thread++) {
                    int number = thread;
                    writers.add(threads.submit(() -> write(store, number)));
                }
                for (Future<?> writer : writers) {
                    writer.get(); // a thread that is stuck runs into the test's time limit
                }
                finished.countDown();
                trouble.get();
                check(direct, store);
            }
            assertThat(traffic.held()).isZero();
            assertThat(store.connectionCount()).isZero();
        } finally {
            finished.countDown();
            threads.shutdownNow();
        }
    }

    private static void trouble(FaultyProxy proxy, CountDownLatch finished) {
        var random = new Random(5);
        var faults = List.of(
                FaultyProxy.Mode.AWAY,
                FaultyProxy.Mode.CUT_ANSWERS,
                FaultyProxy.Mode.SLOW,
                FaultyProxy.Mode.CUT_ANSWERS,
                FaultyProxy.Mode.PASS);
        try {
            while (!finished.await(50 + random.nextInt(100), TimeUnit.MILLISECONDS)) {
                proxy.be(faults.get(random.nextInt(faults.size())));
                if (random.nextBoolean()) {
                    proxy.cut();
                }
                if (!finished.await(10 + random.nextInt(30), TimeUnit.MILLISECONDS)) {
                    proxy.be(FaultyProxy.Mode.PASS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        proxy.be(FaultyProxy.Mode.PASS);
    }

    private void write(CouchDbStateStore store, int thread) {
        for (int i = 0; i < WRITES_EACH; i++) {
            String name = "write-" + thread + "-" + i;
            int counter = i % COUNTERS;
            try {
                switch (i % 3) {
                    case 0 -> {
                        store.create(LIMITS, Limits.of(name));
                        created.add(name);
                    }
                    case 1 -> {
                        store.addEvents(List.of(Documents.event(thread * WRITES_EACH + i)));
                        events.add("cont" + (thread * WRITES_EACH + i));
                    }
                    default -> {
                        store.change(SERVICES, "counter" + counter, Documents::incremented);
                        acknowledged.incrementAndGet(counter);
                    }
                }
            } catch (StateStoreException e) {
                if (i % 3 == 0 && !e.getMessage().contains("perhaps")) {
                    refused.add(name);
                }
                if (i % 3 == 2 && e.getMessage().contains("perhaps")) {
                    inDoubt.incrementAndGet(counter);
                }
            }
        }
    }

    /** {@code direct} has not read anything before; {@code store} has seen all the trouble. */
    private void check(CouchDbStateStore direct, CouchDbStateStore store) {
        Set<String> names =
                direct.findAll(LIMITS).stream().map(it -> it.document().name()).collect(Collectors.toSet());
        assertThat(names).containsAll(created);
        assertThat(Collections.disjoint(names, refused))
                .as("nothing that was refused is there")
                .isTrue();
        List<String> found =
                direct.events().stream().map(it -> it.entry().structure()).toList();
        assertThat(found).doesNotHaveDuplicates().containsAll(events);
        for (int i = 0; i < COUNTERS; i++) {
            int count = Documents.count(direct.find(SERVICES, "counter" + i).orElseThrow());
            assertThat(count)
                    .as("%s acknowledged, %s in doubt", acknowledged.get(i), inDoubt.get(i))
                    .isBetween(acknowledged.get(i), acknowledged.get(i) + inDoubt.get(i));
        }
        assertThat(created).hasSizeGreaterThan(THREADS * WRITES_EACH / 10); // or there was nothing but trouble
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(store.findAll(LIMITS)).containsExactlyInAnyOrderElementsOf(direct.findAll(LIMITS));
            assertThat(store.findAll(SERVICES)).containsExactlyInAnyOrderElementsOf(direct.findAll(SERVICES));
            assertThat(store.events()).containsExactlyElementsOf(direct.events());
        });
    }
}
