package io.serverlesscontainers.examples.init;

import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import java.util.ArrayList;
import java.util.List;

/** Brings documents into a state. */
public final class Initializer {
    private final StateStore store;

    /** For one state, which stays open. */
    public Initializer(StateStore store) {
        this.store = store;
    }

    /**
     * What was done with the documents of one kind.
     *
     * @param kind which
     * @param removed how many went first
     * @param written how many were new
     * @param kept how many were there already, and stay as they are
     */
    public record Done(DocumentKind<?> kind, int removed, int written, int kept) {}

    /**
     * Writes what is not there yet.
     *
     * @param reset whether all documents of these kinds, and all events and requests, go first
     */
    public List<Done> write(StartingDocuments documents, boolean reset) {
        if (reset) {
            store.removeEvents(store.events().stream().map(Stored::id).toList());
            store.removeRequests(store.requests().stream().map(Stored::id).toList());
        }
        var done = new ArrayList<Done>();
        documents.byKind().forEach((kind, all) -> done.add(write(kind, all, reset)));
        return done;
    }

    private <D extends Document> Done write(DocumentKind<D> kind, List<Document> documents, boolean reset) {
        int removed = reset ? removeAll(kind) : 0;
        int written = 0;
        for (Document document : documents) {
            try {
                store.create(kind, kind.type().cast(document));
                written++;
            } catch (ConflictException thereAlready) {
                // What somebody has changed is not undone.
            }
        }
        return new Done(kind, removed, written, documents.size() - written);
    }

    private <D extends Document> int removeAll(DocumentKind<D> kind) {
        int removed = 0;
        for (Revisioned<D> each : store.findAll(kind)) {
            store.delete(kind, each.document().name(), each.revision());
            removed++;
        }
        return removed;
    }
}
