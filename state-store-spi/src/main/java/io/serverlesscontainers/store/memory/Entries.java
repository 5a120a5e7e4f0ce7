package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.Problem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All events, or all requests, in the order in which they were added. Adding and removing cost what is added and
 * removed; the list of all is made when it is asked for and kept until the next change.
 */
final class Entries<T> {
    private final String word;
    private final Function<JsonNode, T> reader;
    private final Function<T, ObjectNode> writer;
    private final Map<String, Stored<T>> entries = new LinkedHashMap<>();
    private final Map<String, ObjectNode> unreadable = new LinkedHashMap<>();
    private List<Stored<T>> list;

    /**
     * No entries yet.
     *
     * @param word what they are in lines of the journal
     */
    Entries(String word, Function<JsonNode, T> reader, Function<T, ObjectNode> writer) {
        this.word = word;
        this.reader = reader;
        this.writer = writer;
    }

    synchronized List<Stored<T>> all() {
        if (list == null) {
            list = List.copyOf(entries.values());
        }
        return list;
    }

    synchronized void add(Collection<Stored<T>> added) {
        added.forEach(entry -> entries.put(entry.id(), entry));
        list = null;
    }

    /** Those of the ids that are here, each once. */
    synchronized List<String> present(Collection<String> ids) {
        return ids.stream().filter(entries::containsKey).distinct().toList();
    }

    synchronized void remove(Collection<String> ids) {
        ids.forEach(entries::remove);
        list = null;
    }

    ObjectNode additionLine(Stored<T> entry) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("entry", word).put("id", Long.parseLong(entry.id()));
        try {
            return line.set("added", writer.apply(entry.entry()));
        } catch (DocumentException tooDeep) {
            throw new StateStoreException(
                    "this " + word + " cannot be written as JSON: "
                            + tooDeep.problem().sentence(),
                    tooDeep);
        }
    }

    ObjectNode removalLine(Collection<String> ids) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        ArrayNode removed = line.put("entry", word).putArray("removed");
        ids.forEach(id -> removed.add(Long.parseLong(id)));
        return line;
    }

    /** Takes in a line of either sort. */
    synchronized void replay(ObjectNode line, Consumer<Problem> problems) {
        list = null;
        for (JsonNode id : line.path("removed")) {
            entries.remove(id.asText());
            unreadable.remove(id.asText());
        }
        if (line.has("added")) {
            String id = line.path("id").asText();
            try {
                entries.put(id, new Stored<>(id, reader.apply(line.path("added"))));
            } catch (DocumentException e) {
                unreadable.put(id, line);
                problems.accept(new Problem(
                        e.problem().subject(),
                        e.problem().field(),
                        e.problem().sentence() + "; it stays in the store file and is not served"));
            }
        }
    }

    /** The lines of all that is here. */
    synchronized Stream<ObjectNode> lines() {
        return Stream.concat(
                List.copyOf(unreadable.values()).stream(), all().stream().map(this::additionLine));
    }
}
