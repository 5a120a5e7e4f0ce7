package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.MissingDocumentException;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A store in this process's memory: the default of an embedding program.
 *
 * <p>{@code new InMemoryStateStore()} forgets everything when the process ends. {@link #open(Path)} keeps a file:
 *
 * <ul>
 *   <li>A method that has returned has handed its change to the kernel. It survives the end of this process, however
 *       sudden ({@code kill -9} included).
 *   <li>It survives the loss of power, or of the operating system, only once the file has been forced to the device:
 *       when it is created, compacted and closed. What came after may be gone, the latest writes first; the file
 *       can still be opened.
 *   <li>A file that was cut off or damaged is served up to the damage, and kept as it was found under another name
 *       beside it ({@code NAME.damaged-1}, …). A document in it that cannot be read any more stays in it and is not
 *       served. {@link #problems()} says so, and so does the log.
 *   <li>The file is a journal of JSON lines with checksums. It is written anew, during the write that makes it
 *       necessary, when it has grown to twice what it held after the last time, and to 4 MiB. Beside it lie
 *       {@code NAME.lock} and, for a moment, {@code NAME.new}.
 *   <li>One file serves one store at a time, on a local file system.
 * </ul>
 *
 * <p>Reading takes no lock that a write to the file is done under. Events and requests keep their nanoseconds until the
 * file is opened again, as it has whole seconds. Listeners are called by a thread that writes, after its write and
 * outside of all locks; no thread is started. A writing thread may thereby tell what others have written at the same
 * time. Several changes are told as one only while the listener is busy.
 */
public final class InMemoryStateStore implements StateStore {
    private static final System.Logger LOG = System.getLogger(InMemoryStateStore.class.getName());

    private final ReentrantLock writing = new ReentrantLock();
    private final Contents contents;
    private final Journal journal;
    private final List<Problem> problems;
    private volatile boolean isClosed;

    /** An empty store without a file. */
    public InMemoryStateStore() {
        this(new StoreFile(new Contents(), Journal.NONE, List.of()));
    }

    private InMemoryStateStore(StoreFile file) {
        this.contents = file.contents();
        this.journal = file.journal();
        this.problems = file.problems();
    }

    /**
     * A store with all that a file holds, and whose every change goes to that file; an empty one if there is no such
     * file yet.
     *
     * @throws StateStoreException if the file is in use by another store, out of reach, or no store file; it is left as
     *     it is
     */
    public static InMemoryStateStore open(Path file) {
        return open(file, FileJournal.COMPACTION_FLOOR_BYTES);
    }

    static InMemoryStateStore open(Path file, long compactionFloorBytes) {
        var store = new InMemoryStateStore(StoreFile.open(file, compactionFloorBytes));
        store.problems.forEach(problem -> LOG.log(System.Logger.Level.WARNING, problem.toString()));
        return store;
    }

    /** What could not be read when the file was opened; empty for a sound file and for a store without one. */
    public List<Problem> problems() {
        return problems;
    }

    @Override
    public <D extends Document> Optional<Revisioned<D>> find(DocumentKind<D> kind, String name) {
        requireOpen();
        return contents.table(kind).find(name);
    }

    @Override
    public <D extends Document> List<Revisioned<D>> findAll(DocumentKind<D> kind) {
        requireOpen();
        return contents.table(kind).findAll();
    }

    @Override
    public <D extends Document> Revisioned<D> create(DocumentKind<D> kind, D document) {
        return write(kind, Write.create(document));
    }

    @Override
    public <D extends Document> Revisioned<D> replace(DocumentKind<D> kind, D document, String expectedRevision) {
        return write(kind, Write.replace(document, expectedRevision));
    }

    private <D extends Document> Revisioned<D> write(DocumentKind<D> kind, Write<D> write) {
        return inBatch(kind, batch -> {
            if (!batch.allows(write)) {
                throw new ConflictException(kind, write.document().name());
            }
            return batch.put(write.document());
        });
    }

    @Override
    public <D extends Document> Revisioned<D> change(DocumentKind<D> kind, String name, UnaryOperator<D> change) {
        while (true) {
            Draft<D> draft = find(kind, name)
                    .map(now -> Draft.of(now, change))
                    .orElseThrow(() -> new MissingDocumentException(kind, name));
            if (draft.changesNothing()) {
                return draft.before();
            }
            Optional<Revisioned<D>> now = inBatch(
                    kind,
                    batch -> draft.isStillValid(batch) ? Optional.of(batch.put(draft.after())) : Optional.empty());
            if (now.isPresent()) {
                return now.get();
            }
        }
    }

    @Override
    public <D extends Document> void delete(DocumentKind<D> kind, String name, String expectedRevision) {
        Objects.requireNonNull(expectedRevision, "expectedRevision");
        inBatch(kind, batch -> {
            if (!batch.isAt(name, expectedRevision)) {
                throw new ConflictException(kind, name);
            }
            batch.remove(name);
            return name;
        });
    }

    @Override
    public <D extends Document> List<WriteOutcome<D>> writeAll(DocumentKind<D> kind, Collection<Write<D>> writes) {
        return inBatch(kind, batch -> {
            var outcomes = new ArrayList<WriteOutcome<D>>(writes.size());
            for (Write<D> write : writes) {
                String name = write.document().name();
                outcomes.add(batch.allows(write) ? put(batch, write.document()) : new WriteOutcome.Conflict<>(name));
            }
            return List.copyOf(outcomes);
        });
    }

    private static <D extends Document> WriteOutcome<D> put(DocumentBatch<D> batch, D document) {
        try {
            return new WriteOutcome.Written<>(batch.put(document));
        } catch (StateStoreException e) {
            return new WriteOutcome.Failed<>(document.name(), e.getMessage());
        }
    }

    @Override
    public <D extends Document> List<WriteOutcome<D>> changeAll(
            DocumentKind<D> kind, Map<String, UnaryOperator<D>> changes) {
        requireOpen();
        var outcomes = new HashMap<String, WriteOutcome<D>>();
        var undecided = new LinkedHashMap<>(changes);
        while (!undecided.isEmpty()) {
            var drafts = new ArrayList<Draft<D>>();
            undecided.forEach((name, change) -> draft(kind, name, change, drafts, outcomes));
            inBatch(kind, batch -> {
                for (Draft<D> draft : drafts) {
                    if (draft.isStillValid(batch)) {
                        outcomes.put(draft.after().name(), put(batch, draft.after()));
                    }
                }
                return drafts;
            });
            undecided.keySet().removeAll(outcomes.keySet());
        }
        return changes.keySet().stream().map(outcomes::get).toList();
    }

    /** Adds either a draft or, where nothing is to be written, the outcome. */
    private <D extends Document> void draft(
            DocumentKind<D> kind,
            String name,
            UnaryOperator<D> change,
            List<Draft<D>> drafts,
            Map<String, WriteOutcome<D>> outcomes) {
        try {
            Optional<Revisioned<D>> now = contents.table(kind).find(name);
            if (now.isEmpty()) {
                outcomes.put(name, new WriteOutcome.Missing<>(name));
                return;
            }
            Draft<D> draft = Draft.of(now.get(), change);
            if (draft.changesNothing()) {
                outcomes.put(name, new WriteOutcome.Written<>(now.get()));
            } else {
                drafts.add(draft);
            }
        } catch (StateStoreException e) {
            outcomes.put(name, new WriteOutcome.Failed<>(name, e.getMessage()));
        } catch (RuntimeException e) {
            outcomes.put(name, new WriteOutcome.Failed<>(name, "its change failed: " + e));
        }
    }

    /** Plans writes to one table and carries them out, with nothing in between; then tells the listeners. */
    private <D extends Document, R> R inBatch(DocumentKind<D> kind, Function<DocumentBatch<D>, R> plan) {
        Table<D> table = contents.table(kind);
        R result;
        writing.lock();
        try {
            requireOpen();
            var batch = new DocumentBatch<>(table, journal, contents::nextNumber);
            result = plan.apply(batch);
            batch.commit();
            journal.compactIfOvergrown(contents::lines);
        } finally {
            writing.unlock();
        }
        table.tellListeners();
        return result;
    }

    @Override
    public <D extends Document> Subscription subscribe(DocumentKind<D> kind, Consumer<Change<D>> listener) {
        Objects.requireNonNull(listener, "listener");
        writing.lock();
        try {
            requireOpen();
            return contents.table(kind).subscribe(listener);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public List<Stored<ScalingEvent>> events() {
        requireOpen();
        return contents.events().all();
    }

    @Override
    public List<Stored<ScalingEvent>> addEvents(Collection<ScalingEvent> events) {
        return add(contents.events(), events);
    }

    @Override
    public int removeEvents(Collection<String> ids) {
        return remove(contents.events(), ids);
    }

    @Override
    public List<Stored<ScalingRequest>> requests() {
        requireOpen();
        return contents.requests().all();
    }

    @Override
    public List<Stored<ScalingRequest>> addRequests(Collection<ScalingRequest> requests) {
        return add(contents.requests(), requests);
    }

    @Override
    public int removeRequests(Collection<String> ids) {
        return remove(contents.requests(), ids);
    }

    private <T> List<Stored<T>> add(Entries<T> entries, Collection<T> added) {
        writing.lock();
        try {
            requireOpen();
            var stored = new ArrayList<Stored<T>>(added.size());
            var lines = new ArrayList<byte[]>(added.size());
            for (T entry : added) {
                var numbered = new Stored<>(Long.toString(contents.nextNumber()), entry);
                stored.add(numbered);
                lines.add(journal.encode(() -> entries.additionLine(numbered)));
            }
            if (!stored.isEmpty()) {
                journal.append(lines);
                entries.add(stored);
                journal.compactIfOvergrown(contents::lines);
            }
            return List.copyOf(stored);
        } finally {
            writing.unlock();
        }
    }

    private <T> int remove(Entries<T> entries, Collection<String> ids) {
        writing.lock();
        try {
            requireOpen();
            List<String> present = entries.present(ids);
            if (!present.isEmpty()) {
                journal.append(List.of(journal.encode(() -> entries.removalLine(present))));
                entries.remove(present);
                journal.compactIfOvergrown(contents::lines);
            }
            return present.size();
        } finally {
            writing.unlock();
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new StateStoreException("the store is closed");
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (!isClosed) {
                isClosed = true;
                contents.tables().forEach(Table::closeFeeds);
                journal.close();
            }
        } finally {
            writing.unlock();
        }
    }
}
