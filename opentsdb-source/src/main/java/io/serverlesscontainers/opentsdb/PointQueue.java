package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.core.spi.DataPoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Points that wait to be written, in the order in which they came, and no more than so many. Threads may share it. */
final class PointQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition points = lock.newCondition();
    private final ArrayDeque<DataPoint> waiting = new ArrayDeque<>();
    private final int most;
    private final WhenFull whenFull;
    private boolean closed;

    PointQueue(int most, WhenFull whenFull) {
        this.most = most;
        this.whenFull = whenFull;
    }

    /**
     * Adds points, waiting for room if so told; an interrupt ends the wait, and is kept.
     *
     * @return how many points were given up, of these or others
     */
    int add(List<DataPoint> more) {
        lock.lock();
        try {
            int dropped = 0;
            for (int i = 0; i < more.size(); i++) {
                if (waiting.size() >= most && !awaitRoom()) {
                    return dropped + more.size() - i;
                }
                if (waiting.size() >= most) {
                    waiting.poll();
                    dropped++;
                }
                waiting.add(more.get(i));
            }
            points.signal();
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /** False if there will be none. */
    private boolean awaitRoom() {
        if (whenFull == WhenFull.DROP_OLDEST) {
            return !closed;
        }
        points.signal();
        try {
            while (waiting.size() >= most && !closed) {
                room.await();
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The next points, at least one unless it is closed and empty. */
    List<DataPoint> take(int atMost) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                points.awaitUninterruptibly();
            }
            var taken = new ArrayList<DataPoint>(Math.min(atMost, waiting.size()));
            while (taken.size() < atMost && !waiting.isEmpty()) {
                taken.add(waiting.poll());
            }
            room.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more points, and ends all waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
            points.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
