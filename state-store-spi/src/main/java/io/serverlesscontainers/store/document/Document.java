package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A named document of the shared state: an immutable record that can be written as exactly the JSON it was read from.
 * Fields that this project does not know, and fields that it could not read, are kept and written back.
 */
public sealed interface Document permits Structure, Limits, Rule, ServiceDocument {
    /** The name, unique within the kind. */
    String name();

    /** Which kind of document this is, and so in which database it lives. */
    DocumentKind<?> kind();

    /** Fields that are not components of the record, as found; JSON nodes in it must not be changed. */
    Map<String, JsonNode> otherFields();

    /** What could not be read; empty for a sound document. Not part of the JSON form. */
    List<Problem> problems();

    /** What could not be read of one field; empty if it was read, or is not there. */
    default Optional<Problem> problem(JsonPointer field) {
        return problems().stream()
                .filter(problem -> problem.field().equals(Optional.of(field)))
                .findFirst();
    }

    /**
     * The JSON form, a new tree at each call.
     *
     * @throws DocumentException if a field is nested deeper than 1000 levels, which nothing that was read is
     */
    ObjectNode toJson();
}
