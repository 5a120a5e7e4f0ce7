package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.document.Document;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Who wants to know of changes to the documents of one kind. They are told on the store's thread for listeners, so that
 * a listener may read and write and holds up neither a writer nor the replica.
 */
final class Listeners<D extends Document> {
    private static final System.Logger LOG = System.getLogger(Listeners.class.getName());

    private final Executor teller;
    private final List<Waiting> all = new CopyOnWriteArrayList<>();

    Listeners(Executor teller) {
        this.teller = teller;
    }

    Subscription add(Consumer<Change<D>> listener) {
        var waiting = new Waiting(listener);
        all.add(waiting);
        return waiting;
    }

    /** Has everybody told, soon. Each document's changes must be handed over in their order. */
    void tell(Change<D> change) {
        all.forEach(listener -> listener.add(change));
    }

    void close() {
        all.forEach(Waiting::close);
    }

    /** What one listener has still to be told; of a document that changes again before that, the last change only. */
    private final class Waiting implements Subscription, Runnable {
        private final Consumer<Change<D>> listener;
        private final Map<String, Change<D>> changes = new LinkedHashMap<>();
        private boolean isClosed;

        Waiting(Consumer<Change<D>> listener) {
            this.listener = listener;
        }

        private void add(Change<D> change) {
            synchronized (this) {
                if (isClosed || changes.put(change.name(), change) != null) {
                    return; // that one's turn will come
                }
            }
            try {
                teller.execute(this);
            } catch (RejectedExecutionException closed) {
                close();
            }
        }

        /** Tells the first. */
        @Override
        public void run() {
            Change<D> next;
            synchronized (this) {
                if (changes.isEmpty()) {
                    return;
                }
                next = changes.remove(changes.keySet().iterator().next());
            }
            try {
                listener.accept(next);
            } catch (Throwable e) { // a listener's trouble is nobody else's
                LOG.log(
                        System.Logger.Level.WARNING,
                        "a listener failed at " + next.kind().word() + " '" + next.name() + "'",
                        e);
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                isClosed = true;
                changes.clear();
            }
            all.remove(this);
        }
    }
}
