package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.Problem;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** All events, or all requests, as this process knows them, in the order in which they were added. */
final class EntryReplica<T> implements Replica {
    private static final System.Logger LOG = System.getLogger(EntryReplica.class.getName());

    private final Database database;
    private final EntryKind<T> kind;
    private final Map<String, Held<T>> byId = new HashMap<>();
    private final TreeMap<Place, Stored<T>> inOrder =
            new TreeMap<>(Comparator.comparingLong(Place::addedMicros).thenComparing(Place::id));
    private List<Stored<T>> all;

    private record Place(long addedMicros, String id) {}

    private record Held<T>(String revision, Optional<Place> place, Optional<Problem> problem) {}

    EntryReplica(Database database, EntryKind<T> kind) {
        this.database = database;
        this.kind = kind;
    }

    synchronized List<Stored<T>> all() {
        if (all == null) {
            all = List.copyOf(inOrder.values());
        }
        return all;
    }

    synchronized List<Problem> problems() {
        return byId.values().stream().flatMap(held -> held.problem().stream()).toList();
    }

    @Override
    public synchronized Optional<String> revision(String id) {
        return Optional.ofNullable(byId.get(id)).map(Held::revision);
    }

    @Override
    public synchronized void put(Row row) {
        if (row.isDesign()) {
            return;
        }
        if (row.revision().isEmpty()) {
            remove(row.id());
        } else if (row.problem().isPresent()) {
            refuse(row.id(), row.revision().get(), row.problem().get());
        } else if (!revision(row.id()).equals(row.revision())) {
            read(row.id(), row.revision().get(), row.document().orElseThrow());
        }
    }

    private void read(String id, String revision, ObjectNode json) {
        SystemFields.takenFrom(json);
        try {
            put(id, revision, kind.read(json));
        } catch (DocumentException e) {
            refuse(
                    id,
                    revision,
                    new Problem(
                            database.subject(id),
                            e.problem().field(),
                            e.problem().sentence()));
        }
    }

    private void refuse(String id, String revision, Problem problem) {
        remove(id);
        byId.put(id, new Held<>(revision, Optional.empty(), Optional.of(problem)));
        LOG.log(System.Logger.Level.WARNING, problem.toString());
    }

    synchronized void put(String id, String revision, T entry) {
        remove(id);
        var place = new Place(EntryIds.addedMicros(id, kind.timestamp(entry)), id);
        byId.put(id, new Held<>(revision, Optional.of(place), Optional.empty()));
        inOrder.put(place, new Stored<>(id, entry));
    }

    synchronized void remove(String id) {
        Held<T> before = byId.remove(id);
        if (before != null) {
            before.place().ifPresent(inOrder::remove);
        }
        all = null;
    }

    @Override
    public synchronized void retain(Set<String> ids) {
        List.copyOf(byId.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::remove);
    }
}
