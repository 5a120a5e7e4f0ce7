package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.document.Document;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one listener has still to be told. Changes are added in the order of the writes and told by one thread at a
 * time, a writing one; while it is at it, others only add theirs. A document that changes again before it is told is
 * told once, so that a slow listener costs no more memory than there are documents.
 */
final class Feed<D extends Document> implements Subscription {
    private static final System.Logger LOG = System.getLogger(Feed.class.getName());

    private final Consumer<Change<D>> listener;
    private final Consumer<Feed<D>> atClose;
    private final Map<String, Change<D>> waiting = new LinkedHashMap<>();
    private boolean isTelling;
    private boolean isClosed;

    Feed(Consumer<Change<D>> listener, Consumer<Feed<D>> atClose) {
        this.listener = listener;
        this.atClose = atClose;
    }

    /** Adds a change to what will be told. */
    synchronized void add(Change<D> change) {
        if (!isClosed) {
            waiting.put(change.name(), change);
        }
    }

    /** Tells all that waits, unless another thread is telling it. Must be called without any lock held. */
    void tell() {
        for (Change<D> next = begin(); next != null; next = begin()) {
            try {
                listener.accept(next);
            } catch (Throwable e) { // the write is done: not even an Error may look as if it had failed
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a listener failed at " + next.kind().word() + " '" + next.name() + "'",
                        e);
            } finally {
                end();
            }
        }
    }

    private synchronized Change<D> begin() {
        if (isTelling || waiting.isEmpty()) {
            return null;
        }
        isTelling = true;
        return waiting.remove(waiting.keySet().iterator().next());
    }

    private synchronized void end() {
        isTelling = false;
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            waiting.clear();
        }
        atClose.accept(this);
    }
}
