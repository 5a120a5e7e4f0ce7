package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many who change the same documents, in one process and in several: every change is there in the end. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
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
    void two_processes_of_sixteen_threads_increment_ten_documents_a_thousand_times_each() throws Exception {
        try (CouchDbStateStore store = server.store(prefix).build()) {
            createCounters(store);
        }
        List<Process> processes = new ArrayList<>();
        try {
            processes.add(process());
            processes.add(process());
            for (Process process : processes) {
                assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        assertThat(sumSeenByAnother()).isEqualTo(2 * THREADS * INCREMENTS_EACH);
    }

    private Process process() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1", // it does not live long enough for more
                        ConcurrencyTest.class.getName(),
                        server.url(),
                        prefix)
                .inheritIO()
                .start();
    }

    /** One of the processes. */
    public static void main(String[] args) throws Exception {
        try (CouchDbStateStore store = CouchDbLike.store(args[0], args[1]).build()) {
            increment(store, THREADS, INCREMENTS_EACH);
        }
    }

    @Test
    void both_programs_changes_are_there_on_every_document_after_a_storm_of_conflicts() throws Exception {
        var finished = new AtomicBoolean();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (CouchDbStateStore store = server.store(prefix).build()) {
            createCounters(store);
            Future<OtherProgram> other = thread.submit(() -> {
                var program = new OtherProgram();
                while (!finished.get() || program.lastWritten.size() < COUNTERS) {
                    program.touchAll();
                }
                return program;
            });
            increment(store, THREADS, 100);
            finished.set(true);

            OtherProgram done = other.get();
            assertThat(done.conflicts).isPositive();
            try (CouchDbStateStore fresh = server.store(prefix).build()) {
                assertThat(fresh.findAll(SERVICES)).hasSize(COUNTERS).allSatisfy(it -> {
                    ServiceDocument document = it.document();
                    assertThat(Documents.count(document)).isEqualTo(THREADS * 100 / COUNTERS);
                    assertThat(document.otherFields())
                            .containsEntry("touched", IntNode.valueOf(done.lastWritten.get(document.name())));
                });
            }
        } finally {
            finished.set(true);
            thread.shutdownNow();
        }
    }

    /** Sets a field of its own on each document, by plain requests, and gives in to nobody but a conflict. */
    private final class OtherProgram {
        private final Map<String, Integer> lastWritten = new HashMap<>();
        private int round;
        private int conflicts;

        void touchAll() throws IOException {
            round++;
            for (int i = 0; i < COUNTERS; i++) {
                String name = "counter" + i;
                String path = prefix + "services/" + name;
                var document = (ObjectNode) Json.MAPPER.readTree(server.request("GET", path, null));
                document.put("touched", round);
                String answer = server.request("PUT", path, document.toString());
                if (answer.contains("\"ok\":true")) {
                    lastWritten.put(name, round);
                } else {
                    assertThat(answer).contains("conflict");
                    conflicts++;
                }
            }
        }
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
