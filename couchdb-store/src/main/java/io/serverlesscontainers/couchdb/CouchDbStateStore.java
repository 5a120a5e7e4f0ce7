package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The shared state of an installation in CouchDB, where other programs read and write the same documents.
 *
 * <pre>{@code
 * try (StateStore store = CouchDbStateStore.builder("http://couchdb:5984")
 *         .user("admin", password)
 *         .build()) {
 *     …
 * }
 * }</pre>
 *
 * <ul>
 *   <li><b>Reads are local.</b> The first use of a database reads all of it, in pages; from then on a thread waits for
 *       its changes. Reading costs no request, and a thread reads its own writes. What others write is seen within a
 *       round trip or two; {@link #age()} tells how old what is read may be.
 *   <li><b>Writes travel together.</b> Documents are written in pages of up to 1,000; what several threads want to write
 *       at the same time shares a page. So the number of requests does not grow with the number of documents.
 *   <li><b>Nobody's change is overwritten.</b> Each write names the revision that it replaces. A change by function is
 *       applied again to the fresh document if somebody else was first. Fields that nobody here knows, and attachments,
 *       survive.
 *   <li><b>Outages pass.</b> A request that fails is repeated a few times; then its writes are reported as not written, or,
 *       if the connection failed after they had been sent, as perhaps not written. Such a change is not repeated blindly.
 *       Reads go on from what is known, and it all goes on by itself within a retry interval of the server's return. A
 *       database that was removed and made anew is read again.
 * </ul>
 *
 * <p>New documents get their name as {@code _id}; documents that other programs have made are found by their name, whatever
 * their {@code _id}. A name cannot start with an underscore. Document names never become part of a URL. One document in
 * each database, {@code _local/serverless-containers}, which nobody else sees, tells one database from a later one of
 * the same name.
 *
 * <p>Listeners are called one after the other on one thread of this store.
 */
public final class CouchDbStateStore implements StateStore {
    private final Settings settings;
    private final Http http;
    private final ExecutorService teller;
    private final Map<DocumentKind<?>, DocumentTable<?>> documents = new LinkedHashMap<>();
    private final EntryTable<ScalingEvent> events;
    private final EntryTable<ScalingRequest> requests;

    CouchDbStateStore(Settings settings) {
        this.settings = settings;
        this.http = new Http(settings);
        var threads = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            var thread = new Thread(work, "couchdb-listeners");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        this.teller = threads;
        DocumentKind.all().forEach(kind -> documents.put(kind, table(kind)));
        var ids = new EntryIds(Clock.systemUTC());
        this.events = new EntryTable<>(EntryKind.EVENTS, database(EntryKind.EVENTS.database()), ids, http, settings);
        this.requests =
                new EntryTable<>(EntryKind.REQUESTS, database(EntryKind.REQUESTS.database()), ids, http, settings);
    }

    /**
     * A store on the server at a URL. Building it asks nothing of the server.
     *
     * @param url {@code http://host:5984} or {@code https://…}; a user and a password in it are used as with
     *     {@link CouchDbStateStoreBuilder#user}
     * @throws IllegalArgumentException if it is no such URL
     */
    public static CouchDbStateStoreBuilder builder(String url) {
        return new CouchDbStateStoreBuilder(url);
    }

    private <D extends Document> DocumentTable<D> table(DocumentKind<D> kind) {
        return new DocumentTable<>(kind, database(kind.database()), http, settings, teller);
    }

    private Database database(String usualName) {
        return new Database(http, settings.server(), settings.databaseNames().apply(usualName));
    }

    @SuppressWarnings("unchecked") // put in under this kind
    private <D extends Document> DocumentTable<D> of(DocumentKind<D> kind) {
        return (DocumentTable<D>) documents.get(kind);
    }

    private List<Table> tables() {
        var tables = new ArrayList<Table>(documents.values());
        tables.add(events);
        tables.add(requests);
        return tables;
    }

    /**
     * Makes the databases that are not there yet, and reads all. Not needed: each database is made when it is first used.
     *
     * @throws StateStoreException if the server is out of reach or refuses
     */
    public void init() {
        tables().forEach(table -> table.follower().ensureLoaded());
    }

    /**
     * How old what is read may be: the time since the server last said that there is nothing newer, of the database for
     * which it is longest. In a quiet installation it grows up to the poll timeout and starts again; if it grows beyond,
     * the server is away. Empty if nothing was read yet.
     */
    public Optional<Duration> age() {
        return tables().stream()
                .flatMap(table -> table.follower().age().stream())
                .max(Duration::compareTo);
    }

    /** The documents that are in the databases but cannot be served, with database and {@code _id}, and why. */
    public List<Problem> problems() {
        return tables().stream().flatMap(table -> table.problems().stream()).toList();
    }

    /**
     * Asks the server to give back the room of old revisions and removed documents. The server does so in the background.
     * Newer servers do it by themselves.
     *
     * @throws StateStoreException if the server is out of reach or refuses
     */
    public void compact() {
        http.requireOpen();
        tables().forEach(table -> table.database().compact());
    }

    @Override
    public <D extends Document> Optional<Revisioned<D>> find(DocumentKind<D> kind, String name) {
        return of(kind).find(name);
    }

    @Override
    public <D extends Document> List<Revisioned<D>> findAll(DocumentKind<D> kind) {
        return of(kind).findAll();
    }

    @Override
    public <D extends Document> Revisioned<D> create(DocumentKind<D> kind, D document) {
        return of(kind).write(Write.create(document));
    }

    @Override
    public <D extends Document> Revisioned<D> replace(DocumentKind<D> kind, D document, String expectedRevision) {
        return of(kind).write(Write.replace(document, expectedRevision));
    }

    @Override
    public <D extends Document> Revisioned<D> change(DocumentKind<D> kind, String name, UnaryOperator<D> change) {
        return of(kind).change(name, change);
    }

    @Override
    public <D extends Document> void delete(DocumentKind<D> kind, String name, String expectedRevision) {
        of(kind).delete(name, expectedRevision);
    }

    @Override
    public <D extends Document> List<WriteOutcome<D>> writeAll(DocumentKind<D> kind, Collection<Write<D>> writes) {
        return of(kind).writeAll(writes);
    }

    @Override
    public <D extends Document> List<WriteOutcome<D>> changeAll(
            DocumentKind<D> kind, Map<String, UnaryOperator<D>> changes) {
        return of(kind).changeAll(changes);
    }

    @Override
    public <D extends Document> Subscription subscribe(DocumentKind<D> kind, Consumer<Change<D>> listener) {
        return of(kind).subscribe(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public List<Stored<ScalingEvent>> events() {
        return events.all();
    }

    @Override
    public List<Stored<ScalingEvent>> addEvents(Collection<ScalingEvent> added) {
        return events.add(added);
    }

    @Override
    public int removeEvents(Collection<String> ids) {
        return events.remove(ids);
    }

    @Override
    public List<Stored<ScalingRequest>> requests() {
        return requests.all();
    }

    @Override
    public List<Stored<ScalingRequest>> addRequests(Collection<ScalingRequest> added) {
        return requests.add(added);
    }

    @Override
    public int removeRequests(Collection<String> ids) {
        return requests.remove(ids);
    }

    /** Connections that are open, in use or not. */
    int connectionCount() {
        return http.connectionCount();
    }

    @Override
    public void close() {
        http.close();
        documents.values().forEach(DocumentTable::close);
        teller.shutdown();
        tables().forEach(table -> table.follower().join());
        http.evict();
    }

    /** The server and the databases; no password. */
    @Override
    public String toString() {
        List<String> names =
                tables().stream().map(table -> table.database().name()).toList();
        return "CouchDbStateStore[" + settings.server() + " as " + settings.authentication() + ", databases " + names
                + "]";
    }
}
