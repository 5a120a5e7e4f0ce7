package io.serverlesscontainers.core.scaler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on several hosts at once, never twice on the same one. A host that takes too long goes on by itself, and is busy
 * until it is done. For one thread that hands out work.
 */
final class HostWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostWorkers.class);

    private final Duration patience;
    private final ExecutorService threads;
    private final Map<String, Future<Integer>> busy = new HashMap<>();

    HostWorkers(int hostsAtOnce, Duration patience) {
        this.patience = patience;
        var count = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(hostsAtOnce, work -> {
            Thread thread = new Thread(work, "scaler-host-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** The hosts that are still being worked on. */
    Set<String> busy() {
        busy.values().removeIf(HostWorkers::isOver);
        return Set.copyOf(busy.keySet());
    }

    /** Whether late work is over; nobody waits for its failure any more, so it is told here. */
    private static boolean isOver(Future<Integer> late) {
        if (late.isDone()) {
            try {
                late.get();
            } catch (ExecutionException failed) {
                LOG.warn("a host that was late failed in the end", failed.getCause());
            } catch (InterruptedException impossible) {
                Thread.currentThread().interrupt();
            }
        }
        return late.isDone();
    }

    /**
     * Works on hosts, none of which may be busy.
     *
     * @return the sum of what those answered that were done in time
     * @throws RuntimeException the first one that a host's work threw, after all others were waited for
     */
    int work(Map<String, IntSupplier> works) {
        works.forEach((host, work) -> busy.put(host, threads.submit(work::getAsInt)));
        long deadline = System.nanoTime() + patience.toNanos();
        int sum = 0;
        List<Throwable> failures = new ArrayList<>();
        for (String host : works.keySet()) {
            Future<Integer> result = busy.get(host);
            try {
                sum += result.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                busy.remove(host);
            } catch (TimeoutException late) {
                LOG.info("host '{}' is not done within {} ms, the others go on without it", host, patience.toMillis());
            } catch (ExecutionException failed) {
                busy.remove(host);
                failures.add(failed.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throwFirst(failures);
        return sum;
    }

    private static void throwFirst(List<Throwable> failures) {
        if (failures.isEmpty()) {
            return;
        }
        Throwable first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) first;
    }

    /** Lets work that goes on come to its end; takes none any more. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
