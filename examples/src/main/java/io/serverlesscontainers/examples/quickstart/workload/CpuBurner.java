package io.serverlesscontainers.examples.quickstart.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Burns a number of CPU shares: as few threads as can, each busy for the same part of every 20 ms. For one thread; its
 * own are daemons, so that they keep no JVM alive.
 */
final class CpuBurner implements AutoCloseable {
    private static final long SLICE_NANOS = 20_000_000;
    private static final int SHARES_PER_CORE = 100;

    private final List<Burner> burners = new ArrayList<>();

    /** Burns this many shares from now on, or as many as the CPUs and limits allow. */
    void burn(int shares) {
        int needed = (shares + SHARES_PER_CORE - 1) / SHARES_PER_CORE;
        while (burners.size() < needed) {
            var burner = new Burner();
            burners.add(burner);
            burner.start();
        }
        while (burners.size() > needed) {
            burners.remove(burners.size() - 1).end();
        }
        for (Burner burner : burners) {
            burner.busyNanos = SLICE_NANOS * shares / SHARES_PER_CORE / needed;
        }
    }

    @Override
    public void close() {
        burn(0);
    }

    private static final class Burner extends Thread {
        private volatile long busyNanos;
        private volatile boolean ended;

        Burner() {
            super("cpu-burner");
            setDaemon(true);
        }

        @Override
        public void run() {
            while (!ended) {
                // Lost time is not made up for: a throttled process would otherwise never come to rest again.
                long begin = System.nanoTime();
                while (System.nanoTime() - begin < busyNanos) {
                    Thread.onSpinWait();
                }
                long rest = SLICE_NANOS - (System.nanoTime() - begin);
                if (rest > 0) {
                    LockSupport.parkNanos(rest);
                }
            }
        }

        void end() {
            ended = true;
        }
    }
}
