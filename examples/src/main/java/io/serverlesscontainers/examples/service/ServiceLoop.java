package io.serverlesscontainers.examples.service;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a window of a service now and then one per period, on a thread of its own, until it is closed. A window that fails
 * is told in one line, and the next one runs all the same; one that takes longer than the period delays the next.
 */
public final class ServiceLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceLoop.class);
    private static final Duration PATIENCE = Duration.ofMillis(1_000);

    private final Window window;
    private final Supplier<Duration> period;
    private final Pace pace;
    private final Consumer<Instant> heartbeat;
    private final Clock clock;
    private final ServiceMetrics metrics;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Instant lastWindow;

    /** One window of a service. */
    @FunctionalInterface
    public interface Window {
        /**
         * Runs it.
         *
         * @return one line for the log: what was seen, decided and applied; empty to say nothing
         * @throws Exception if it failed; its message is the line then
         */
        String runOnce() throws Exception;
    }

    /** When windows begin. */
    @FunctionalInterface
    public interface Pace {
        /** The beginning of the next window, after the one that began at a moment; it may be over by now. */
        Instant next(Instant began, Duration period);
    }

    /**
     * A loop that does not run yet, whose windows begin one period after the other.
     *
     * @param service the name of its thread
     * @param window what it runs
     * @param period asked before each wait, so that a change takes effect at the next window
     * @param heartbeat told the time after each window, whether it failed or not
     * @param clock tells the time
     * @param metrics counts the windows
     */
    public ServiceLoop(
            String service,
            Window window,
            Supplier<Duration> period,
            Consumer<Instant> heartbeat,
            Clock clock,
            ServiceMetrics metrics) {
        this(service, window, period, Instant::plus, heartbeat, clock, metrics);
    }

    /**
     * The same at another pace.
     *
     * @param service the name of its thread
     * @param window what it runs
     * @param period asked before each wait, so that a change takes effect at the next window
     * @param pace when a window begins
     * @param heartbeat told the time after each window, whether it failed or not
     * @param clock tells the time
     * @param metrics counts the windows
     */
    public ServiceLoop(
            String service,
            Window window,
            Supplier<Duration> period,
            Pace pace,
            Consumer<Instant> heartbeat,
            Clock clock,
            ServiceMetrics metrics) {
        this.window = window;
        this.period = period;
        this.pace = pace;
        this.heartbeat = heartbeat;
        this.clock = clock;
        this.metrics = metrics;
        this.thread = new Thread(this::run, service);
        thread.setDaemon(true);
    }

    /** Begins. A loop can be started once. */
    public void start() {
        thread.start();
    }

    /** When the last window ended; empty before the first. */
    public Optional<Instant> lastWindow() {
        return Optional.ofNullable(lastWindow);
    }

    private void run() {
        Duration lastPeriod = Duration.ofSeconds(1);
        while (true) {
            Instant began = clock.instant();
            attempt("the window", this::runOnce);
            Instant ended = clock.instant();
            lastWindow = ended;
            attempt("the heartbeat", () -> heartbeat.accept(ended));
            try {
                lastPeriod = period.get();
            } catch (RuntimeException unknown) {
                LOG.warn("the period cannot be read, {} stays: {}", lastPeriod, sentence(unknown));
            }
            if (isStoppedWithin(Duration.between(clock.instant(), pace.next(began, lastPeriod)))) {
                return;
            }
        }
    }

    private void runOnce() {
        long began = System.nanoTime();
        boolean failed = true;
        try {
            String line = window.runOnce();
            failed = false;
            if (!line.isEmpty()) {
                LOG.info("{}", line);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception bad) {
            throw new IllegalStateException(sentence(bad), bad);
        } finally {
            metrics.window(Duration.ofNanos(System.nanoTime() - began), failed);
        }
    }

    /** Nothing that goes wrong in one window ends the loop, not even an error: the next may have the memory. */
    private void attempt(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError | LinkageError bad) {
            if (stopped.getCount() > 0) {
                LOG.warn("{} failed: {}", what, sentence(bad));
                LOG.debug("{} failed", what, bad);
            }
        }
    }

    private static String sentence(Throwable bad) {
        return bad.getMessage() == null ? bad.toString() : bad.getMessage();
    }

    private boolean isStoppedWithin(Duration time) {
        try {
            return stopped.await(Math.max(0, time.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            return stopped.getCount() == 0;
        }
    }

    /**
     * Runs no further windows. Waits for the one that is running, a second at most; then it is interrupted, and has not
     * quite another one to end.
     */
    @Override
    public void close() {
        stopped.countDown();
        try {
            thread.join(PATIENCE.toMillis());
            if (thread.isAlive()) {
                thread.interrupt();
                thread.join(PATIENCE.toMillis() * 4 / 5);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
