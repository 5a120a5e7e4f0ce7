package io.serverlesscontainers.examples.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Reads a container's CPU limit over and over, from the kernel, and remembers each change. */
final class LimitWatch implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 10;

    private final LoadedContainer container;
    private final List<Long> limits = new ArrayList<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> watching;
    private long changedNanos;

    LimitWatch(LoadedContainer container) {
        this.container = container;
        look();
        watching = executor.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            add(container.cpuLimit());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void add(long limit) {
        if (limits.isEmpty() || limits.get(limits.size() - 1) != limit) {
            limits.add(limit);
            changedNanos = System.nanoTime();
        }
    }

    /** All limits that there were, the last one now. */
    synchronized List<Long> limits() {
        if (watching.isDone()) {
            throw new IllegalStateException("nobody watches any more");
        }
        return List.copyOf(limits);
    }

    long now() {
        List<Long> all = limits();
        return all.get(all.size() - 1);
    }

    /** For how long the limit has been what it is. */
    synchronized Duration unchanged() {
        return Duration.ofNanos(System.nanoTime() - changedNanos);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
