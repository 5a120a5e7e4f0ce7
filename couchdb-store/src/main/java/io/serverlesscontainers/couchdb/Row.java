package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.Problem;
import java.util.Optional;

/**
 * What the server says of one {@code _id}.
 *
 * @param id the {@code _id}
 * @param revision its {@code _rev}; empty if there is no such document
 * @param document the whole document; empty if there is none, or if it cannot be read
 * @param problem why it cannot be read
 */
record Row(String id, Optional<String> revision, Optional<ObjectNode> document, Optional<Problem> problem) {
    static Row present(String id, String revision, ObjectNode document) {
        return new Row(id, Optional.of(revision), Optional.of(document), Optional.empty());
    }

    static Row unreadable(String id, String revision, Problem problem) {
        return new Row(id, Optional.of(revision), Optional.empty(), Optional.of(problem));
    }

    static Row gone(String id) {
        return new Row(id, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Whether this is one of the server's views and rules, which lie among the documents. */
    boolean isDesign() {
        return id.startsWith("_design/");
    }
}
