package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The shared state of an installation: named documents with revisions, and the events and requests in flight.
 *
 * <p>Every method may be called by any number of threads. A method that returns normally has done all it says; one that
 * throws {@link StateStoreException} has changed nothing, except that after a lost connection a write may or may not
 * have happened. A thread reads its own writes. Documents are immutable, so what was returned never changes.
 *
 * <p>Implementations prove themselves with {@code StateStoreTck}, in the {@code tck} jar beside this one.
 */
public interface StateStore extends AutoCloseable {

    /** One document, if it is there. */
    <D extends Document> Optional<Revisioned<D>> find(DocumentKind<D> kind, String name);

    /** All documents of a kind, by name in no particular order. A document that cannot be read is left out. */
    <D extends Document> List<Revisioned<D>> findAll(DocumentKind<D> kind);

    /**
     * Adds a document. Its name may hold any character, but not every store can take one that starts with an underscore.
     *
     * @return the document with its first revision
     * @throws ConflictException if one of this name is there
     */
    <D extends Document> Revisioned<D> create(DocumentKind<D> kind, D document);

    /**
     * Compare-and-set: writes the document if the stored one still has the expected revision.
     *
     * @return the document with its new revision
     * @throws ConflictException if it has another one, or is gone
     */
    <D extends Document> Revisioned<D> replace(DocumentKind<D> kind, D document, String expectedRevision);

    /**
     * Changes one document by a function of what it is now, atomically: no other change comes between the value that
     * the function sees and the one that it returns.
     *
     * @param change may be called several times, must be free of side effects, and must keep the name; what it throws
     *     is thrown on and nothing is written
     * @return the document as it is afterwards; unchanged, with its revision, if the function returned an equal one
     * @throws MissingDocumentException if there is no such document
     */
    <D extends Document> Revisioned<D> change(DocumentKind<D> kind, String name, UnaryOperator<D> change);

    /**
     * Removes a document if it still has the expected revision.
     *
     * @throws ConflictException if it has another one, or is gone
     */
    <D extends Document> void delete(DocumentKind<D> kind, String name, String expectedRevision);

    /**
     * Writes many documents; each one's outcome is its own, in the order of the writes. As with {@link #replace}, a
     * document that is gone is a conflict. A name should be there once.
     */
    <D extends Document> List<WriteOutcome<D>> writeAll(DocumentKind<D> kind, Collection<Write<D>> writes);

    /**
     * {@link #change} for many documents at once: conflicts are retried by applying the function to the fresh document.
     * A document that is not there is {@link WriteOutcome.Missing}; one whose function throws is
     * {@link WriteOutcome.Failed}, and the others go on.
     *
     * @param changes by document name
     * @return the outcome of each, in the order of the map
     */
    <D extends Document> List<WriteOutcome<D>> changeAll(DocumentKind<D> kind, Map<String, UnaryOperator<D>> changes);

    /**
     * Tells of every later change to documents of a kind, each document's in the order of its revisions; several
     * changes in quick succession may be told as one, the last. A listener is called on a thread of the store's choice
     * and must return soon; what it throws is logged and harms nobody else.
     */
    <D extends Document> Subscription subscribe(DocumentKind<D> kind, Consumer<Change<D>> listener);

    /** All events, in the order in which they were added as far as the store knows it. */
    List<Stored<ScalingEvent>> events();

    /** Adds events, all or, if it throws, possibly only some of them. */
    List<Stored<ScalingEvent>> addEvents(Collection<ScalingEvent> events);

    /**
     * Removes events; one that is gone already is no error.
     *
     * @return how many this call removed
     */
    int removeEvents(Collection<String> ids);

    /** All requests, in the order in which they were added as far as the store knows it. */
    List<Stored<ScalingRequest>> requests();

    /** Adds requests, all or, if it throws, possibly only some of them. */
    List<Stored<ScalingRequest>> addRequests(Collection<ScalingRequest> requests);

    /**
     * Removes requests; one that is gone already is no error.
     *
     * @return how many this call removed
     */
    int removeRequests(Collection<String> ids);

    /** Ends all subscriptions and frees what the store holds; later calls throw {@link StateStoreException}, except this one. */
    @Override
    void close();
}
