package io.serverlesscontainers.examples.quickstart;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a run end in order when the JVM is asked to end before its time, by Ctrl-C or another signal: the run is told,
 * and the JVM waits until it has tidied up. Thread-safe.
 */
public final class Interruption implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch tidy = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ask, "interruption");

    /** Watches for the end of the JVM from now on. */
    public Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Waits for the interruption.
     *
     * @param time how long at most
     * @return whether the run is to end now
     */
    public boolean within(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits until the run has tidied up; not for ever, as it may hang. */
    void awaitTidy() {
        try {
            tidy.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The run has tidied up: the JVM may end. */
    @Override
    public void close() {
        tidy.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            // The hook is what waited for this.
        }
    }

    private void ask() {
        asked.countDown();
        awaitTidy();
    }
}
