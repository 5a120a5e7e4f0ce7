package io.serverlesscontainers.examples.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Reads a container's limit over and over, from the kernel, and remembers each change. */
final class LimitWatch implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 10;

    private final Reading reading;
    private final List<Long> limits = new ArrayList<>();
    private final List<Move> moves = new ArrayList<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledFuture<?> watching;
    private long changedNanos;

    /** Reads the limit. */
    @FunctionalInterface
    interface Reading {
        long now() throws IOException;
    }

    /** That it changed. */
    record Move(long from, long to, Instant at) {}

    LimitWatch(LoadedContainer container) {
        this(container::cpuLimit);
    }

    LimitWatch(Reading reading) {
        this.reading = reading;
        look();
        watching = executor.scheduleWithFixedDelay(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            add(reading.now());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void add(long limit) {
        long before = limits.isEmpty() ? limit : limits.get(limits.size() - 1);
        if (limits.isEmpty() || before != limit) {
            limits.add(limit);
            changedNanos = System.nanoTime();
        }
        if (before != limit) {
            moves.add(new Move(before, limit, Instant.now()));
        }
    }

    /** All limits that there were, the last one now. */
    synchronized List<Long> limits() {
        if (watching.isDone()) {
            throw new IllegalStateException("nobody watches any more");
        }
        return List.copyOf(limits);
    }

    /** All changes. */
    synchronized List<Move> moves() {
        limits();
        return List.copyOf(moves);
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
