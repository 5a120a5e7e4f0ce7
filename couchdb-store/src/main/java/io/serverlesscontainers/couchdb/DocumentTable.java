package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.couchdb.DocumentReplica.Held;
import io.serverlesscontainers.couchdb.DocumentWrite.Result;
import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The documents of one kind: the replica, and the ways to change them. */
final class DocumentTable<D extends Document> implements Table {
    /** How long a change is applied again and again to a document that others keep changing. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int LONGEST_PAUSE_MILLIS = 64;

    private final DocumentKind<D> kind;
    private final Database database;
    private final Http http;
    private final Turn turn = new Turn();
    private final Listeners<D> listeners;
    private final DocumentReplica<D> replica;
    private final WriteQueue writes;
    private final Follower follower;

    /** A write under way and what it is to be told as. */
    private record Pending<D extends Document>(D document, DocumentWrite write) {}

    DocumentTable(DocumentKind<D> kind, Database database, Http http, Settings settings, Executor teller) {
        this.kind = kind;
        this.database = database;
        this.http = http;
        this.listeners = new Listeners<>(teller);
        this.replica = new DocumentReplica<>(kind, database, listeners);
        this.writes = new WriteQueue(database, replica, turn, settings.pageSize());
        this.follower = new Follower(database, replica, turn, http, settings);
    }

    Optional<Revisioned<D>> find(String name) {
        follower.ensureLoaded();
        return replica.findReadable(name);
    }

    List<Revisioned<D>> findAll() {
        follower.ensureLoaded();
        return replica.all();
    }

    Subscription subscribe(Consumer<Change<D>> listener) {
        follower.ensureLoaded();
        return listeners.add(listener);
    }

    /** Writes one document; throws unless it was written. */
    Revisioned<D> write(Write<D> write) {
        WriteOutcome<D> outcome = writeAll(List.of(write)).get(0);
        if (outcome instanceof WriteOutcome.Written<D> written) {
            return written.now();
        }
        if (outcome instanceof WriteOutcome.Failed<D> failed) {
            throw new StateStoreException(failed.reason());
        }
        throw new ConflictException(kind, write.document().name());
    }

    List<WriteOutcome<D>> writeAll(Collection<Write<D>> all) {
        follower.ensureLoaded();
        refreshUnknown(all);
        var outcomes = new ArrayList<WriteOutcome<D>>(all.size());
        var pending = new ArrayList<Pending<D>>(all.size());
        var places = new ArrayList<Integer>(all.size());
        Set<String> names = new HashSet<>();
        for (Write<D> write : all) {
            String name = write.document().name();
            outcomes.add(null);
            int place = outcomes.size() - 1;
            try {
                Optional<Pending<D>> ready = names.add(name) ? prepare(write) : Optional.empty();
                if (ready.isPresent()) {
                    pending.add(ready.get());
                    places.add(place);
                } else {
                    outcomes.set(place, new WriteOutcome.Conflict<>(name));
                }
            } catch (StateStoreException e) {
                outcomes.set(place, new WriteOutcome.Failed<>(name, e.getMessage()));
            }
        }
        send(pending);
        for (int i = 0; i < pending.size(); i++) {
            outcomes.set(places.get(i), outcome(pending.get(i)));
        }
        return List.copyOf(outcomes);
    }

    /**
     * Looks at what a write cannot go without. A document that is to be new may have a namesake with another {@code _id},
     * which may be gone by now; one at a revision that has not come here yet may have attachments, which a write without
     * them would remove.
     */
    private void refreshUnknown(Collection<Write<D>> all) {
        List<String> ids =
                all.stream().flatMap(write -> unknown(write).stream()).toList();
        if (!ids.isEmpty()) {
            turn.during(() -> database.fetch(ids).forEach(replica::put));
        }
    }

    private Optional<String> unknown(Write<D> write) {
        String name = write.document().name();
        Optional<Held<D>> held = replica.find(name);
        String id = held.map(Held::id).orElse(name);
        if (write.expected().isEmpty()) {
            return Optional.of(id).filter(it -> !it.equals(name));
        }
        String heldRevision = held.map(Held::revision).orElse("");
        return Optional.of(id)
                .filter(it -> !it.startsWith("_"))
                .filter(it -> Revisions.isOlder(heldRevision, write.expected().get()));
    }

    /** Empty if it is a conflict already. */
    private Optional<Pending<D>> prepare(Write<D> write) {
        String name = write.document().name();
        Optional<Held<D>> held = replica.find(name);
        if (write.expected().isEmpty()) {
            if (held.filter(it -> !it.id().equals(name)).isPresent()) {
                return Optional.empty();
            }
            return Optional.of(pending(name, Optional.empty(), Map.of(), write.document()));
        }
        Map<String, JsonNode> system = held.map(Held::system).orElse(Map.of());
        return Optional.of(pending(held.map(Held::id).orElse(name), write.expected(), system, write.document()));
    }

    private Pending<D> pending(String id, Optional<String> expected, Map<String, JsonNode> system, D document) {
        requirePossible(id);
        if (expected.isPresent() && Revisions.generation(expected.get()).isEmpty()) {
            // A server refuses the whole page for it; no document is at a revision of this form.
            var never = DocumentWrite.of(id, expected, new byte[0], revision -> {});
            never.decide(new Result.Conflict(false));
            return new Pending<>(document, never);
        }
        byte[] json = json(id, expected, system, document);
        return new Pending<>(
                document,
                DocumentWrite.of(id, expected, json, revision -> replica.put(id, revision, system, document)));
    }

    private void requirePossible(String id) {
        if (id.startsWith("_")) {
            throw new StateStoreException(Shown.named(kind.word(), id)
                    + " cannot be written: in CouchDB a name must not start with an underscore");
        }
    }

    private byte[] json(String id, Optional<String> revision, Map<String, JsonNode> system, D document) {
        try {
            return Json.bytes(SystemFields.with(id, revision.orElse(null), system, document.toJson()));
        } catch (DocumentException tooDeep) {
            throw new StateStoreException(
                    Shown.named(kind.word(), document.name()) + " cannot be written as JSON: "
                            + tooDeep.problem().sentence(),
                    tooDeep);
        }
    }

    private void send(List<Pending<D>> pending) {
        writes.write(pending.stream()
                .map(Pending::write)
                .filter(write -> !write.isDecided())
                .toList());
    }

    private WriteOutcome<D> outcome(Pending<D> pending) {
        String name = pending.document().name();
        Result result = pending.write().result();
        if (result instanceof Result.Done done) {
            return new WriteOutcome.Written<>(new Revisioned<>(pending.document(), done.revision()));
        }
        if (result instanceof Result.Failed failed) {
            return new WriteOutcome.Failed<>(name, sentence(pending.write(), name, failed));
        }
        if (result instanceof Result.Refused refused) {
            return new WriteOutcome.Failed<>(
                    name, Shown.named(kind.word(), name) + " was not written: " + refused.sentence());
        }
        return new WriteOutcome.Conflict<>(name);
    }

    private String sentence(DocumentWrite write, String name, Result.Failed failed) {
        HttpFailure failure = failed.failure();
        if (failure.reason() == HttpFailure.Reason.CLOSED) {
            return failure.getMessage();
        }
        return Shown.named(kind.word(), name) + " (" + Shown.named("_id", write.id()) + ") was "
                + (failure.mayHaveHappened() ? "perhaps not written: " : "not written: ") + failure.getMessage();
    }

    /** Removes one document; throws unless it was removed. */
    void delete(String name, String expectedRevision) {
        follower.ensureLoaded();
        Objects.requireNonNull(expectedRevision, "expectedRevision");
        String id = replica.find(name).map(Held::id).orElse(name);
        requirePossible(id);
        if (Revisions.generation(expectedRevision).isEmpty()) {
            throw new ConflictException(kind, name);
        }
        ObjectNode tombstone = SystemFields.with(id, expectedRevision, Map.of(), Json.MAPPER.createObjectNode());
        tombstone.put("_deleted", true);
        var write = DocumentWrite.of(id, Optional.of(expectedRevision), Json.bytes(tombstone), gone -> {
            replica.put(Row.gone(id));
            follower.removed(id, gone);
        });
        writes.write(List.of(write));
        if (write.result() instanceof Result.Failed failed) {
            throw new StateStoreException(sentence(write, name, failed), failed.failure());
        }
        if (write.result() instanceof Result.Refused refused) {
            throw new StateStoreException(Shown.named(kind.word(), name) + " was not removed: " + refused.sentence());
        }
        if (write.result() instanceof Result.Conflict) {
            throw new ConflictException(kind, name);
        }
    }

    Revisioned<D> change(String name, UnaryOperator<D> change) {
        long start = System.nanoTime();
        for (int attempt = 0; ; attempt++) {
            Revisioned<D> before = find(name).orElseThrow(() -> new MissingDocumentException(kind, name));
            D after = changed(before.document(), change);
            if (after.equals(before.document())) {
                return before;
            }
            Pending<D> pending =
                    prepare(Write.replace(after, before.revision())).orElseThrow();
            send(List.of(pending));
            WriteOutcome<D> outcome = outcome(pending);
            if (outcome instanceof WriteOutcome.Written<D> written) {
                return written.now();
            }
            if (outcome instanceof WriteOutcome.Failed<D> failed) {
                throw new StateStoreException(failed.reason());
            }
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new StateStoreException(keptChanging(name));
            }
            if (pending.write().result() instanceof Result.Conflict conflict && conflict.isElsewhere()) {
                pause(attempt);
            }
        }
    }

    private D changed(D before, UnaryOperator<D> change) {
        String name = before.name();
        D after = Objects.requireNonNull(change.apply(before), () -> "the change of '" + name + "' is null");
        if (!after.name().equals(name)) {
            throw new IllegalArgumentException(
                    "the change of '" + name + "' returned '" + after.name() + "', a change must keep the name");
        }
        return after;
    }

    List<WriteOutcome<D>> changeAll(Map<String, UnaryOperator<D>> changes) {
        follower.ensureLoaded();
        long start = System.nanoTime();
        Map<String, WriteOutcome<D>> outcomes = new HashMap<>();
        Map<String, UnaryOperator<D>> undecided = new LinkedHashMap<>(changes);
        for (int attempt = 0; !undecided.isEmpty(); attempt++) {
            if (attempt > 0) {
                pause(attempt);
            }
            var drafts = new ArrayList<Write<D>>(undecided.size());
            undecided.forEach((name, change) -> draft(name, change, drafts, outcomes));
            boolean isLast = System.nanoTime() - start > PATIENCE.toNanos();
            for (WriteOutcome<D> outcome : writeAll(drafts)) {
                if (!(outcome instanceof WriteOutcome.Conflict)) {
                    outcomes.put(outcome.name(), outcome);
                } else if (isLast) {
                    outcomes.put(
                            outcome.name(), new WriteOutcome.Failed<>(outcome.name(), keptChanging(outcome.name())));
                }
            }
            undecided.keySet().removeAll(outcomes.keySet());
        }
        return changes.keySet().stream().map(outcomes::get).toList();
    }

    /** Adds either a draft or, where nothing is to be written, the outcome. */
    private void draft(
            String name, UnaryOperator<D> change, List<Write<D>> drafts, Map<String, WriteOutcome<D>> outcomes) {
        try {
            Optional<Revisioned<D>> now = replica.findReadable(name);
            if (now.isEmpty()) {
                outcomes.put(name, new WriteOutcome.Missing<>(name));
                return;
            }
            D after = changed(now.get().document(), change);
            if (after.equals(now.get().document())) {
                outcomes.put(name, new WriteOutcome.Written<>(now.get()));
            } else {
                drafts.add(Write.replace(after, now.get().revision()));
            }
        } catch (StateStoreException e) {
            outcomes.put(name, new WriteOutcome.Failed<>(name, e.getMessage()));
        } catch (RuntimeException e) {
            outcomes.put(name, new WriteOutcome.Failed<>(name, "its change failed: " + e));
        }
    }

    private String keptChanging(String name) {
        return Shown.named(kind.word(), name) + " in database '" + database.name()
                + "' was not written: others kept changing it for " + PATIENCE.toSeconds() + " s";
    }

    /** So that those who met do not meet again. */
    private void pause(int attempt) {
        int most = Math.min(LONGEST_PAUSE_MILLIS, 1 << Math.min(attempt, 10));
        if (http.pause(Duration.ofNanos(ThreadLocalRandom.current().nextLong(most * 1_000_000L)))) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Database database() {
        return database;
    }

    @Override
    public Follower follower() {
        return follower;
    }

    @Override
    public List<Problem> problems() {
        return replica.problems();
    }

    void close() {
        listeners.close();
    }
}
