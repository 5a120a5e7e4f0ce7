package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who change the same documents, in one process and in several: every change is there in the end. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@Tag("long")
class ConcurrencyTest {
    private static final int COUNTERS = 10;
    private static final int THREADS = 16;
    private static final int INCREMENTS_EACH = 1_000;

    private final CouchDbLike server = CouchDbLike.shared();
    private final String prefix = CouchDbLike.newPrefix();

    @Test
    void sixteen_threads_increment_ten_documents_a_thousand_times_each() throws Exception {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            createCounters(store);
            increment(store, THREADS, INCREMENTS_EACH);
            assertThat(sum(store)).isEqualTo(THREADS * INCREMENTS_EACH);
        }
        assertThat(sumSeenByAnother()).isEqualTo(THREADS * INCREMENTS_EACH);
    }

    @Test
    void two_processes_increment_ten_documents() throws Exception {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            createCounters(store);
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            "-Xmx128m",
                            ConcurrencyTest.class.getName(),
                            server.url(),
                            prefix)
                    .inheritIO()
                    .start();
            try {
                increment(store, THREADS, 50);
                assertThat(other.waitFor(100, TimeUnit.SECONDS)).isTrue();
                assertThat(other.exitValue()).isZero();
            } finally {
                other.destroyForcibly();
            }
        }
        assertThat(sumSeenByAnother()).isEqualTo(2 * THREADS * 50);
    }

    /** The other process. */
    public static void main(String[] args) throws Exception {
        try (CouchDbStateStore store = CouchDbLike.store(args[0], args[1]).build()) {
            increment(store, THREADS, 50);
        }
    }

    @Test
    void both_programs_changes_are_there_after_a_storm_of_conflicts() throws Exception {
        var finished = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (CouchDbStateStore store = server.store(prefix).build();
                CouchDbStateStore other = server.store(prefix).build()) {
            createCounters(store);
            Future<Integer> others = thread.submit(() -> {
                int written = 0;
                while (!finished.get()) {
                    written += touchAll(other, written + 1) ? 1 : 0;
                }
                return written;
            });
            increment(store, 4, 50);
            finished.set(true);

            int written = others.get();
            assertThat(written).isPositive();
            assertThat(sum(store)).isEqualTo(200);
            assertThat(store.findAll(SERVICES))
                    .anySatisfy(it ->
                            assertThat(it.document().config().get("OTHER")).isNotNull());
        } finally {
            finished.set(true);
            thread.shutdownNow();
        }
    }

    /** Another program that sets a field of its own, with compare-and-set of its own. */
    private static boolean touchAll(CouchDbStateStore other, int value) {
        boolean any = false;
        for (Revisioned<ServiceDocument> it : other.findAll(SERVICES)) {
            try {
                other.replace(SERVICES, it.document().withConfig("OTHER", IntNode.valueOf(value)), it.revision());
                any = true;
            } catch (ConflictException lost) {
                continue;
            }
        }
        return any;
    }

    private static void createCounters(CouchDbStateStore store) {
        for (int i = 0; i < COUNTERS; i++) {
            store.create(SERVICES, Documents.counter("counter" + i, 0));
        }
    }

    private static void increment(CouchDbStateStore store, int threads, int each) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int first = thread;
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        store.change(SERVICES, "counter" + (first + i) % COUNTERS, Documents::incremented);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static int sum(CouchDbStateStore store) {
        return store.findAll(SERVICES).stream().mapToInt(Documents::count).sum();
    }

    private int sumSeenByAnother() {
        try (CouchDbStateStore fresh = server.store(prefix).build()) {
            return sum(fresh);
        }
    }
}
