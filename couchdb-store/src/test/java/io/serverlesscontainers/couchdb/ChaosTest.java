package io.serverlesscontainers.couchdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged is there, once, however often the server or the connections to it went away in between. */
@Tag("long")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChaosTest {
    private static final int MOST_KILLS = 10; // each takes a second or two until it listens again

    private final String prefix = CouchDbLike.newPrefix();
    private final Traffic traffic = new Traffic();
    private final Workload workload = new Workload();
    private final Random random = new Random(5);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(Workload.THREADS + 1);

    private interface Trouble {
        void makeUntilFinished() throws InterruptedException;
    }

    @AfterEach
    void end() {
        finished.countDown();
        threads.shutdownNow();
    }

    @Test
    void no_acknowledged_write_is_lost_or_doubled_while_connections_are_cut() throws Exception {
        CouchDbLike server = CouchDbLike.shared();
        try (var proxy = new FaultyProxy(server.url())) {
            writeDespite(() -> cut(proxy), proxy.url(), server);
        }
    }

    @Test
    void no_acknowledged_write_is_lost_or_doubled_while_the_server_is_killed(@TempDir Path data) throws Exception {
        try (CouchDbLike server = CouchDbLike.start("--data=" + data)) {
            writeDespite(() -> kill(server), server.url(), server);
        }
    }

    private void writeDespite(Trouble trouble, String url, CouchDbLike server) throws Exception {
        CouchDbStateStore store = CouchDbLike.store(url, prefix)
                .client(traffic.client())
                .timeout(Duration.ofSeconds(1))
                .build();
        try (store) {
            workload.prepare(store);
            Future<?> maker = threads.submit(() -> {
                trouble.makeUntilFinished();
                return null;
            });
            workload.run(store, threads);
            finished.countDown();
            maker.get();
            try (CouchDbStateStore fresh = server.store(prefix).build()) {
                workload.check(fresh, store);
            }
        }
        assertThat(traffic.held()).isZero();
        assertThat(store.connectionCount()).isZero();
    }

    private void cut(FaultyProxy proxy) throws InterruptedException {
        var faults = List.of(
                FaultyProxy.Mode.AWAY,
                FaultyProxy.Mode.CUT_ANSWERS,
                FaultyProxy.Mode.SLOW,
                FaultyProxy.Mode.CUT_ANSWERS,
                FaultyProxy.Mode.PASS);
        while (!finished.await(50 + random.nextInt(100), TimeUnit.MILLISECONDS)) {
            proxy.be(faults.get(random.nextInt(faults.size())));
            if (random.nextBoolean()) {
                proxy.cut();
            }
            if (!finished.await(10 + random.nextInt(30), TimeUnit.MILLISECONDS)) {
                proxy.be(FaultyProxy.Mode.PASS);
            }
        }
        proxy.be(FaultyProxy.Mode.PASS);
    }

    /** The first time at once, so that no machine is too fast for it. */
    private void kill(CouchDbLike server) throws InterruptedException {
        for (int times = 0; times < MOST_KILLS; times++) {
            server.kill();
            server.startAgain();
            if (finished.await(200 + random.nextInt(1_000), TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }
}
