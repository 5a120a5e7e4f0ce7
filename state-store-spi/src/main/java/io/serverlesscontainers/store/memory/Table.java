package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.Change;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** All documents of one kind, and who listens to them. Read by any thread, changed by one at a time. */
final class Table<D extends Document> {
    private final DocumentKind<D> kind;
    private final Map<String, Revisioned<D>> documents = new ConcurrentHashMap<>();
    private final Map<String, Unreadable> unreadable = new ConcurrentHashMap<>();
    private final List<Feed<D>> feeds = new CopyOnWriteArrayList<>();

    /** A document that was stored but is none to this version of the records: kept, and served to nobody. */
    private record Unreadable(ObjectNode line, Problem problem) {}

    Table(DocumentKind<D> kind) {
        this.kind = kind;
    }

    DocumentKind<D> kind() {
        return kind;
    }

    Optional<Revisioned<D>> find(String name) {
        Revisioned<D> found = documents.get(name);
        if (found == null && isUnreadable(name)) {
            throw new StateStoreException(unreadable.get(name).problem().toString());
        }
        return Optional.ofNullable(found);
    }

    boolean isUnreadable(String name) {
        return unreadable.containsKey(name);
    }

    List<Revisioned<D>> findAll() {
        return List.copyOf(documents.values());
    }

    /** Makes a document be this, or be gone, and queues the news. */
    void set(String name, Optional<Revisioned<D>> now) {
        now.ifPresentOrElse(document -> documents.put(name, document), () -> documents.remove(name));
        var change = new Change<>(kind, name, now);
        feeds.forEach(feed -> feed.add(change));
    }

    Feed<D> subscribe(Consumer<Change<D>> listener) {
        var feed = new Feed<>(listener, feeds::remove);
        feeds.add(feed);
        return feed;
    }

    /** Tells the listeners what is queued. Must be called without any lock held. */
    void tellListeners() {
        feeds.forEach(Feed::tell);
    }

    void closeFeeds() {
        feeds.forEach(Feed::close);
    }

    /** The line that says what a document is now, or that it is gone. */
    ObjectNode line(String name, long revision, Optional<D> now) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("kind", kind.database()).put("name", name).put("revision", revision);
        line.set("document", now.<JsonNode>map(this::json).orElseGet(line::nullNode));
        return line;
    }

    private ObjectNode json(D document) {
        try {
            return document.toJson();
        } catch (DocumentException tooDeep) {
            throw new StateStoreException(
                    Shown.named(kind.word(), document.name()) + " cannot be written as JSON: "
                            + tooDeep.problem().sentence(),
                    tooDeep);
        }
    }

    /** Takes in such a line. */
    void replay(ObjectNode line, Consumer<Problem> problems) {
        String name = line.path("name").asText();
        JsonNode json = line.path("document");
        documents.remove(name);
        unreadable.remove(name);
        if (json.isNull()) {
            return;
        }
        try {
            D document = kind.read(json);
            if (!document.name().equals(name)) {
                throw new DocumentException(new Problem(
                        Shown.named(kind.word(), document.name()),
                        "is stored under the name '" + Shown.of(name) + "'"));
            }
            documents.put(name, new Revisioned<>(document, line.path("revision").asText()));
        } catch (DocumentException e) {
            var problem = new Problem(
                    e.problem().subject(),
                    e.problem().field(),
                    e.problem().sentence() + "; it stays in the store file and is not served");
            unreadable.put(name, new Unreadable(line, problem));
            problems.accept(problem);
        }
    }

    /** The lines of all that is here. */
    Stream<ObjectNode> lines() {
        return Stream.concat(
                unreadable.values().stream().map(Unreadable::line),
                documents.entrySet().stream().map(entry -> {
                    Revisioned<D> now = entry.getValue();
                    return line(entry.getKey(), Long.parseLong(now.revision()), Optional.of(now.document()));
                }));
    }
}
