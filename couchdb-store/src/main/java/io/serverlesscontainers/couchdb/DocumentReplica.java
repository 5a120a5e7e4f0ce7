package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All documents of one kind as this process knows them. Documents are found by their name; other programs may have given
 * them any {@code _id}. Read by any thread.
 */
final class DocumentReplica<D extends Document> implements Replica {
    private static final System.Logger LOG = System.getLogger(DocumentReplica.class.getName());

    private final DocumentKind<D> kind;
    private final Database database;
    private final Listeners<D> listeners;
    private final Map<String, Held<D>> byId = new HashMap<>();
    private final Map<String, TreeSet<String>> idsByName = new HashMap<>();
    private List<Revisioned<D>> all;

    /**
     * One document.
     *
     * @param system fields of the server that must be written back: attachments
     * @param name its name; empty if it has none
     * @param document the document; empty if it cannot be read
     * @param problem why it cannot
     */
    record Held<D extends Document>(
            String id,
            String revision,
            Map<String, JsonNode> system,
            Optional<String> name,
            Optional<Revisioned<D>> document,
            Optional<Problem> problem) {}

    DocumentReplica(DocumentKind<D> kind, Database database, Listeners<D> listeners) {
        this.kind = kind;
        this.database = database;
        this.listeners = listeners;
    }

    /** The document of a name. */
    synchronized Optional<Held<D>> find(String name) {
        TreeSet<String> ids = idsByName.get(name);
        return ids == null ? Optional.empty() : Optional.of(byId.get(served(name, ids)));
    }

    /** The document of a name as a caller sees it. */
    Optional<Revisioned<D>> findReadable(String name) {
        Optional<Held<D>> held = find(name);
        held.flatMap(Held::problem).ifPresent(problem -> {
            throw new StateStoreException(problem.toString());
        });
        return held.flatMap(Held::document);
    }

    /** Of several of one name the one that this project would have made, else the first by {@code _id}. */
    private static String served(String name, TreeSet<String> ids) {
        return ids.contains(name) ? name : ids.first();
    }

    synchronized List<Revisioned<D>> all() {
        if (all == null) {
            var readable = new ArrayList<Revisioned<D>>(idsByName.size());
            idsByName.forEach(
                    (name, ids) -> byId.get(served(name, ids)).document().ifPresent(readable::add));
            all = List.copyOf(readable);
        }
        return all;
    }

    /** What cannot be served, and why. */
    synchronized List<Problem> problems() {
        var problems = new ArrayList<Problem>();
        byId.values().forEach(held -> held.problem().ifPresent(problems::add));
        idsByName.forEach((name, ids) -> {
            if (ids.size() > 1) {
                ids.stream()
                        .filter(id -> !id.equals(served(name, ids)))
                        .forEach(id -> problems.add(namesake(name, id)));
            }
        });
        return problems;
    }

    private Problem namesake(String name, String id) {
        return new Problem(
                database.subject(id),
                Shown.named(kind.word(), name) + " is there more than once; the one with "
                        + Shown.named("_id", served(name, idsByName.get(name))) + " is served");
    }

    @Override
    public synchronized Optional<String> revision(String id) {
        return Optional.ofNullable(byId.get(id)).map(Held::revision);
    }

    @Override
    public void put(Row row) {
        if (row.isDesign()) {
            return;
        }
        if (row.revision().isEmpty()) {
            remove(row.id());
        } else if (!revision(row.id()).equals(row.revision()) || row.problem().isPresent()) {
            set(read(row));
        }
    }

    /** Takes in a document that this process has written. */
    void put(String id, String revision, Map<String, JsonNode> system, D document) {
        set(new Held<>(
                id,
                revision,
                system,
                Optional.of(document.name()),
                Optional.of(new Revisioned<>(document, revision)),
                Optional.empty()));
    }

    private Held<D> read(Row row) {
        String revision = row.revision().orElseThrow();
        if (row.document().isEmpty()) {
            return new Held<>(row.id(), revision, Map.of(), Optional.empty(), Optional.empty(), row.problem());
        }
        ObjectNode json = row.document().get();
        Map<String, JsonNode> system = SystemFields.takenFrom(json);
        Optional<String> name =
                Optional.ofNullable(json.path("name").textValue()).filter(it -> !it.isEmpty());
        try {
            DocumentTypes.check(kind, json);
            D document = kind.read(json);
            return new Held<>(
                    row.id(),
                    revision,
                    system,
                    name,
                    Optional.of(new Revisioned<>(document, revision)),
                    Optional.empty());
        } catch (DocumentException e) {
            var problem = new Problem(
                    database.subject(row.id()), e.problem().field(), e.problem().sentence());
            return new Held<>(row.id(), revision, system, name, Optional.empty(), Optional.of(problem));
        }
    }

    private synchronized void set(Held<D> held) {
        Held<D> before = byId.get(held.id());
        Map<String, Optional<Revisioned<D>>> seen = seen(before, held);
        if (before != null) {
            unlink(before);
        }
        byId.put(held.id(), held);
        held.name().ifPresent(name -> {
            TreeSet<String> ids = idsByName.computeIfAbsent(name, key -> new TreeSet<>());
            ids.add(held.id());
            if (ids.size() > 1 && before == null) {
                LOG.log(System.Logger.Level.WARNING, namesake(name, held.id()).toString());
            }
        });
        held.problem()
                .filter(problem -> before == null || !before.problem().equals(Optional.of(problem)))
                .ifPresent(problem -> LOG.log(System.Logger.Level.WARNING, problem.toString()));
        tell(seen);
    }

    private synchronized void remove(String id) {
        Held<D> before = byId.get(id);
        if (before != null) {
            Map<String, Optional<Revisioned<D>>> seen = seen(before, null);
            unlink(before);
            byId.remove(id);
            tell(seen);
        }
    }

    private void unlink(Held<D> held) {
        held.name().ifPresent(name -> {
            TreeSet<String> ids = idsByName.get(name);
            ids.remove(held.id());
            if (ids.isEmpty()) {
                idsByName.remove(name);
            }
        });
    }

    /** What the names concerned stand for now, to compare with afterwards. */
    private Map<String, Optional<Revisioned<D>>> seen(Held<D> before, Held<D> after) {
        Map<String, Optional<Revisioned<D>>> seen = new LinkedHashMap<>();
        if (before != null) {
            before.name().ifPresent(name -> seen.put(name, find(name).flatMap(Held::document)));
        }
        if (after != null) {
            after.name().ifPresent(name -> seen.put(name, find(name).flatMap(Held::document)));
        }
        return seen;
    }

    private void tell(Map<String, Optional<Revisioned<D>>> seenBefore) {
        all = null;
        seenBefore.forEach((name, before) -> {
            Optional<Revisioned<D>> now = find(name).flatMap(Held::document);
            if (!Objects.equals(now.map(Revisioned::revision), before.map(Revisioned::revision))) {
                listeners.tell(new Change<>(kind, name, now));
            }
        });
    }

    @Override
    public synchronized void retain(Set<String> ids) {
        List.copyOf(byId.keySet()).stream().filter(id -> !ids.contains(id)).forEach(this::remove);
    }
}
