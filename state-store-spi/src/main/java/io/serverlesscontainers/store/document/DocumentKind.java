package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of named document, and the key to everything that the store keeps of it.
 *
 * @param <D> the record that holds such a document
 */
public final class DocumentKind<D extends Document> {
    /** Containers, applications and hosts. */
    public static final DocumentKind<Structure> STRUCTURES =
            new DocumentKind<>("structures", "structure", Structure.class, Structure::fromJson);
    /** The thresholds of each structure. */
    public static final DocumentKind<Limits> LIMITS =
            new DocumentKind<>("limits", "limits", Limits.class, Limits::fromJson);
    /** Scaling rules. */
    public static final DocumentKind<Rule> RULES = new DocumentKind<>("rules", "rule", Rule.class, Rule::fromJson);
    /** The configuration of each service. */
    public static final DocumentKind<ServiceDocument> SERVICES =
            new DocumentKind<>("services", "service", ServiceDocument.class, ServiceDocument::fromJson);
    /** Users: structures of subtype {@code user}. */
    public static final DocumentKind<Structure> USERS =
            new DocumentKind<>("users", "user", Structure.class, Structure::fromJson);

    private static final List<DocumentKind<?>> ALL = List.of(STRUCTURES, LIMITS, RULES, SERVICES, USERS);

    private final String database;
    private final String word;
    private final Class<D> type;
    private final Function<JsonNode, D> reader;

    private DocumentKind(String database, String word, Class<D> type, Function<JsonNode, D> reader) {
        this.database = database;
        this.word = word;
        this.type = type;
        this.reader = reader;
    }

    /** All kinds. */
    public static List<DocumentKind<?>> all() {
        return ALL;
    }

    /** The kind that lives in a database of this name. */
    public static Optional<DocumentKind<?>> ofDatabase(String database) {
        return ALL.stream().filter(kind -> kind.database.equals(database)).findFirst();
    }

    /** The name of its database: {@code structures}, {@code limits}, … */
    public String database() {
        return database;
    }

    /** The word for one such document in a sentence. */
    public String word() {
        return word;
    }

    /** The record class. */
    public Class<D> type() {
        return type;
    }

    /**
     * Reads a document. A field that cannot be read becomes one of its {@link Document#problems()}.
     *
     * @throws DocumentException if it is no object, or a field without which it means nothing is missing
     */
    public D read(JsonNode json) {
        return reader.apply(json);
    }

    @Override
    public String toString() {
        return database;
    }
}
