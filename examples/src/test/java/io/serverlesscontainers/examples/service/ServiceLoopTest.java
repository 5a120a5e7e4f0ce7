package io.serverlesscontainers.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceLoopTest {
    private static final Duration SHORT = Duration.ofMillis(5);

    private final AtomicInteger windows = new AtomicInteger();
    private final List<Instant> heartbeats = new CopyOnWriteArrayList<>();
    private final ServiceMetrics metrics = new ServiceMetrics("test");
    private ServiceLoop loop;

    @AfterEach
    void end() {
        loop.close();
        metrics.close();
    }

    private void start(ServiceLoop.Window window, Supplier<Duration> period) {
        loop = new ServiceLoop("test", window, period, heartbeats::add, Clock.systemUTC(), metrics);
        loop.start();
    }

    @Test
    void it_runs_window_after_window_and_tells_that_it_is_alive() {
        start(() -> "window " + windows.incrementAndGet(), () -> SHORT);
        Awaitility.await().until(() -> windows.get() >= 3 && heartbeats.size() >= 2);
        assertThat(loop.lastWindow()).isPresent();
        assertThat(metrics.scrape()).contains("service_windows_seconds_count{service=\"test\"}");
    }

    @Test
    void no_bad_window_ends_it() {
        start(
                () -> {
                    switch (windows.incrementAndGet()) {
                        case 1 -> throw new IllegalStateException("bad");
                        case 2 -> throw new java.io.IOException("worse");
                        case 3 -> throw new StackOverflowError();
                        case 4 -> throw new AssertionError("worst");
                        default -> {
                            return "";
                        }
                    }
                },
                () -> SHORT);
        Awaitility.await().until(() -> windows.get() >= 6 && heartbeats.size() >= 5);
        assertThat(metrics.scrape()).contains("service_windows_failed_total{service=\"test\"} 4.0");
    }

    @Test
    void no_bad_period_or_heartbeat_ends_it_either() {
        loop = new ServiceLoop(
                "test",
                () -> "window " + windows.incrementAndGet(),
                () -> {
                    if (windows.get() == 2) {
                        throw new IllegalStateException("no number");
                    }
                    return SHORT;
                },
                time -> {
                    throw new IllegalStateException("no store");
                },
                Clock.systemUTC(),
                metrics);
        loop.start();
        Awaitility.await().until(() -> windows.get() >= 4);
    }

    @Test
    void a_changed_period_takes_effect_at_the_next_window() {
        start(() -> "", () -> heartbeats.size() < 3 ? SHORT : Duration.ofHours(1));
        Awaitility.await().until(() -> heartbeats.size() == 3);
        Awaitility.await()
                .during(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(5))
                .until(() -> heartbeats.size() == 3);
    }

    @Test
    void it_ends_at_once_between_windows() {
        start(() -> "", () -> Duration.ofHours(1));
        Awaitility.await().until(() -> heartbeats.size() == 1);
        assertThat(closing()).isLessThan(Duration.ofMillis(900));
    }

    @Test
    void it_ends_within_two_seconds_though_a_window_hangs() throws Exception {
        var hanging = new CountDownLatch(1);
        start(
                () -> {
                    hanging.countDown();
                    new CountDownLatch(1).await();
                    return "";
                },
                () -> SHORT);
        hanging.await();
        assertThat(closing()).isLessThan(Duration.ofSeconds(2));
        Awaitility.await()
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("test")));
    }

    private Duration closing() {
        long began = System.nanoTime();
        loop.close();
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
