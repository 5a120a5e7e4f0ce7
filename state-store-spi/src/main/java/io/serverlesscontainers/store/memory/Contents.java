package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Everything that one store holds, and its form as lines of a journal. */
final class Contents {
    private static final String FORMAT = "serverless-containers-store";
    private static final int VERSION = 1;

    private final Map<DocumentKind<?>, Table<?>> tables = new HashMap<>();
    private final Entries<ScalingEvent> events = new Entries<>("event", ScalingEvent::fromJson, ScalingEvent::toJson);
    private final Entries<ScalingRequest> requests =
            new Entries<>("request", ScalingRequest::fromJson, ScalingRequest::toJson);
    private final List<ObjectNode> unknownLines = new ArrayList<>();
    private long lastNumber;

    Contents() {
        DocumentKind.all().forEach(kind -> tables.put(kind, new Table<>(kind)));
    }

    @SuppressWarnings("unchecked") // a table is put in under its own kind only
    <D extends Document> Table<D> table(DocumentKind<D> kind) {
        return (Table<D>) tables.get(kind);
    }

    Collection<Table<?>> tables() {
        return tables.values();
    }

    Entries<ScalingEvent> events() {
        return events;
    }

    Entries<ScalingRequest> requests() {
        return requests;
    }

    /** A number that was never given before: the next revision, or the next entry's id. */
    long nextNumber() {
        return ++lastNumber;
    }

    /** The lines from which all this can be read again; the first is the header. */
    Stream<ObjectNode> lines() {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        header.put("format", FORMAT).put("version", VERSION).put("last", lastNumber);
        return Stream.of(
                        Stream.of(header),
                        unknownLines.stream(),
                        tables.values().stream().flatMap(Table::lines),
                        events.lines(),
                        requests.lines())
                .flatMap(lines -> lines);
    }

    /** Why a line cannot be the first of a store file; empty if it can. */
    static Optional<String> objectionToHeader(ObjectNode line) {
        if (!FORMAT.equals(line.path("format").textValue())) {
            return Optional.of("is no store file: its first line names another format");
        }
        int version = line.path("version").asInt();
        return version == VERSION
                ? Optional.empty()
                : Optional.of("has format version " + version + ", this program reads version " + VERSION);
    }

    /** Takes in one line. */
    void replay(ObjectNode line, Consumer<Problem> problems) {
        for (String number : List.of("last", "revision", "id")) {
            lastNumber = Math.max(lastNumber, line.path(number).asLong(0));
        }
        JsonNode entry = line.path("entry");
        Optional<DocumentKind<?>> kind =
                DocumentKind.ofDatabase(line.path("kind").asText());
        if (kind.isPresent()) {
            table(kind.get()).replay(line, problems);
        } else if ("event".equals(entry.textValue())) {
            events.replay(line, problems);
        } else if ("request".equals(entry.textValue())) {
            requests.replay(line, problems);
        } else if (!line.has("format")) {
            unknownLines.add(line);
            problems.accept(new Problem(
                    "store file", "holds a line that this program does not know: " + shown(line) + "; it stays there"));
        }
    }

    private static String shown(ObjectNode line) {
        String json = line.toString();
        return json.length() <= 80 ? json : json.substring(0, 77) + "…";
    }
}
