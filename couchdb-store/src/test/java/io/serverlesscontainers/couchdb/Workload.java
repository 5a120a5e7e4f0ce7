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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Collectors;

/** Two thousand writes of all sorts from four threads, and what is true of them whatever happens to the server. */
final class Workload {
    static final int THREADS = 4;
    private static final int WRITES_EACH = 500;
    private static final int COUNTERS = 5;

    private final Set<String> created = ConcurrentHashMap.newKeySet();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> events = ConcurrentHashMap.newKeySet();
    private final Set<String> requests = ConcurrentHashMap.newKeySet();
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(COUNTERS);
    private final AtomicIntegerArray inDoubt = new AtomicIntegerArray(COUNTERS);

    /** Has all databases made and read, while the server is well. */
    void prepare(CouchDbStateStore store) {
        store.init();
        for (int i = 0; i < COUNTERS; i++) {
            store.create(SERVICES, Documents.counter("counter" + i, 0));
        }
    }

    /** Returns when all is written or reported as not written; a thread that is stuck runs into the test's time limit. */
    void run(CouchDbStateStore store, ExecutorService threads) throws Exception {
        var writers = new ArrayList<Future<?>>();
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread * WRITES_EACH;
            writers.add(threads.submit(() -> {
                for (int number = first; number < first + WRITES_EACH; number++) {
                    write(store, number);
                }
            }));
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
    }

    private void write(CouchDbStateStore store, int number) {
        switch (number % 4) {
            case 0 -> create(store, "write-" + number);
            case 1 -> add(events, "cont" + number, () -> store.addEvents(List.of(Documents.event(number))));
            case 2 -> add(requests, "cont" + number, () -> store.addRequests(List.of(Documents.request(number))));
            default -> increment(store, number / 4 % COUNTERS);
        }
    }

    private void create(CouchDbStateStore store, String name) {
        try {
            store.create(LIMITS, Limits.of(name));
            created.add(name);
        } catch (StateStoreException e) {
            if (!isInDoubt(e)) {
                refused.add(name);
            }
        }
    }

    private static void add(Set<String> acknowledged, String structure, Runnable adding) {
        try {
            adding.run();
            acknowledged.add(structure);
        } catch (StateStoreException e) {
            assertThat(e).hasMessageContaining("not added");
        }
    }

    private void increment(CouchDbStateStore store, int counter) {
        try {
            store.change(SERVICES, "counter" + counter, Documents::incremented);
            acknowledged.incrementAndGet(counter);
        } catch (StateStoreException e) {
            if (isInDoubt(e)) {
                inDoubt.incrementAndGet(counter);
            }
        }
    }

    private static boolean isInDoubt(StateStoreException failure) {
        return failure.getMessage().contains("perhaps");
    }

    /**
     * What was acknowledged is there, once, and nothing that was refused is.
     *
     * @param fresh a store that has not read anything before
     * @param store the one that has seen all the trouble; in the end it knows what the fresh one knows
     */
    void check(CouchDbStateStore fresh, CouchDbStateStore store) {
        Set<String> names =
                fresh.findAll(LIMITS).stream().map(it -> it.document().name()).collect(Collectors.toSet());
        assertThat(names).containsAll(created);
        assertThat(Collections.disjoint(names, refused))
                .as("nothing that was refused is there")
                .isTrue();
        assertThat(fresh.events())
                .extracting(it -> it.entry().structure())
                .doesNotHaveDuplicates()
                .containsAll(events);
        assertThat(fresh.requests())
                .extracting(it -> it.entry().structure())
                .doesNotHaveDuplicates()
                .containsAll(requests);
        for (int i = 0; i < COUNTERS; i++) {
            assertThat(Documents.count(fresh.find(SERVICES, "counter" + i).orElseThrow()))
                    .as("%s acknowledged, %s in doubt", acknowledged.get(i), inDoubt.get(i))
                    .isBetween(acknowledged.get(i), acknowledged.get(i) + inDoubt.get(i));
        }
        assertThat(created).hasSizeGreaterThan(THREADS * WRITES_EACH / 20); // or there was nothing but trouble
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(store.findAll(LIMITS)).containsExactlyInAnyOrderElementsOf(fresh.findAll(LIMITS));
            assertThat(store.findAll(SERVICES)).containsExactlyInAnyOrderElementsOf(fresh.findAll(SERVICES));
            assertThat(store.events()).containsExactlyElementsOf(fresh.events());
            assertThat(store.requests()).containsExactlyElementsOf(fresh.requests());
        });
    }
}
