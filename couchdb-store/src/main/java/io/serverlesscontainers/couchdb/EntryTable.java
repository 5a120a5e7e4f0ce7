package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.couchdb.DocumentWrite.Result;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Events, or requests: the replica, and the ways to add and remove. */
final class EntryTable<T> implements Table {
    /** Only if somebody changes the same entries all the time is more than the second round needed. */
    private static final int MOST_ROUNDS = 10;

    private final EntryKind<T> kind;
    private final Database database;
    private final EntryIds ids;
    private final Turn turn = new Turn();
    private final EntryReplica<T> replica;
    private final WriteQueue writes;
    private final Follower follower;

    EntryTable(EntryKind<T> kind, Database database, EntryIds ids, Http http, Settings settings) {
        this.kind = kind;
        this.database = database;
        this.ids = ids;
        this.replica = new EntryReplica<>(database, kind);
        this.writes = new WriteQueue(database, replica, turn, settings.pageSize());
        this.follower = new Follower(database, replica, turn, http, settings);
    }

    List<Stored<T>> all() {
        follower.ensureLoaded();
        return replica.all();
    }

    List<Stored<T>> add(Collection<T> entries) {
        follower.ensureLoaded();
        var added = new ArrayList<Stored<T>>(entries.size());
        var pending = new ArrayList<DocumentWrite>(entries.size());
        for (T entry : entries) {
            var stored = new Stored<>(ids.next(), entry);
            added.add(stored);
            pending.add(DocumentWrite.ofOwnId(
                    stored.id(), json(stored), revision -> replica.put(stored.id(), revision, entry)));
        }
        writes.write(pending);
        pending.forEach(write -> requireDone(write, "was not added"));
        return List.copyOf(added);
    }

    private byte[] json(Stored<T> entry) {
        try {
            return Json.bytes(SystemFields.with(entry.id(), null, Map.of(), kind.write(entry.entry())));
        } catch (DocumentException tooDeep) {
            throw new StateStoreException(
                    "this " + kind.word() + " cannot be written as JSON: "
                            + tooDeep.problem().sentence(),
                    tooDeep);
        }
    }

    int remove(Collection<String> unwanted) {
        follower.ensureLoaded();
        Set<String> left = new TreeSet<>(unwanted);
        learn(left);
        int removed = 0;
        for (int round = 1; !left.isEmpty() && round <= MOST_ROUNDS; round++) {
            var pending = new LinkedHashMap<String, DocumentWrite>();
            for (String id : left) {
                replica.revision(id).ifPresent(revision -> pending.put(id, removal(id, revision)));
            }
            left.retainAll(pending.keySet()); // the others are gone
            writes.write(List.copyOf(pending.values()));
            for (DocumentWrite write : pending.values()) {
                if (!(write.result() instanceof Result.Conflict)) {
                    requireDone(write, "was not removed");
                    removed++;
                    left.remove(write.id());
                }
            }
        }
        return removed;
    }

    /** Looks up what another store may have added just now. */
    private void learn(Set<String> unwanted) {
        List<String> unknown =
                unwanted.stream().filter(id -> replica.revision(id).isEmpty()).toList();
        if (!unknown.isEmpty()) {
            turn.during(() -> database.fetch(unknown).forEach(replica::put));
        }
    }

    private DocumentWrite removal(String id, String revision) {
        ObjectNode tombstone = SystemFields.with(id, revision, Map.of(), Json.MAPPER.createObjectNode());
        tombstone.put("_deleted", true);
        return DocumentWrite.removalOfHeld(id, revision, Json.bytes(tombstone), gone -> {
            replica.remove(id);
            follower.removed(id, gone);
        });
    }

    private void requireDone(DocumentWrite write, String what) {
        String subject = kind.word() + " with _id '" + write.id() + "' " + what + ": ";
        if (write.result() instanceof Result.Failed failed) {
            String doubt = failed.failure().mayHaveHappened() ? "perhaps " : "";
            throw new StateStoreException(doubt + subject + failed.failure().getMessage(), failed.failure());
        }
        if (write.result() instanceof Result.Refused refused) {
            throw new StateStoreException(subject + refused.sentence());
        }
        if (write.result() instanceof Result.Conflict) {
            throw new StateStoreException(subject + database.subject(write.id()) + " is taken");
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
}
