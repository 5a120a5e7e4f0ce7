package io.serverlesscontainers.couchdb;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Who may write a database or take in what it says: one thread at a time. So what the server answered cannot be overtaken
 * by a later answer before it is in the replica, and a replica never goes back. First come, first served.
 */
final class Turn {
    private final ReentrantLock lock = new ReentrantLock(true);

    <T> T during(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    void during(Runnable work) {
        during(() -> {
            work.run();
            return null;
        });
    }
}
