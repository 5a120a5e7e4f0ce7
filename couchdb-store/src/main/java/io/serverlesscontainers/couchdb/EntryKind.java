package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Events or requests: where they are kept and how they are read and written. */
record EntryKind<T>(
        String database,
        String word,
        Function<ObjectNode, T> reader,
        Function<T, ObjectNode> writer,
        Function<T, Instant> timestamps) {

    static final EntryKind<ScalingEvent> EVENTS =
            new EntryKind<>("events", "event", ScalingEvent::fromJson, ScalingEvent::toJson, ScalingEvent::timestamp);

    static final EntryKind<ScalingRequest> REQUESTS = new EntryKind<>(
            "requests", "request", ScalingRequest::fromJson, ScalingRequest::toJson, ScalingRequest::timestamp);

    T read(ObjectNode json) {
        DocumentTypes.check(word, List.of(word), json);
        return reader.apply(json);
    }

    ObjectNode write(T entry) {
        return writer.apply(entry);
    }

    Instant timestamp(T entry) {
        return timestamps.apply(entry);
    }
}
