package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.util.List;
import java.util.Map;

/** What the field {@code type} of a document may say, by database. */
final class DocumentTypes {
    private static final JsonPointer TYPE = JsonPointer.compile("/type");

    private static final Map<DocumentKind<?>, List<String>> ALLOWED = Map.of(
            DocumentKind.STRUCTURES, List.of("structure"),
            DocumentKind.LIMITS, List.of("limit"),
            DocumentKind.RULES, List.of("rule"),
            DocumentKind.SERVICES, List.of("service"),
            DocumentKind.USERS, List.of("user", "structure"));

    private DocumentTypes() {}

    /** Refuses a document of another type; one that says nothing is fine. */
    static void check(DocumentKind<?> kind, JsonNode document) {
        check(kind.word(), ALLOWED.get(kind), document);
    }

    static void check(String word, List<String> allowed, JsonNode document) {
        JsonNode type = document.path("type");
        if (!type.isMissingNode() && !type.isNull() && !(type.isTextual() && allowed.contains(type.textValue()))) {
            throw new DocumentException(Problem.ofField(
                    word, TYPE, "is " + Shown.of(type) + ", '" + String.join("' or '", allowed) + "' is needed"));
        }
    }
}
