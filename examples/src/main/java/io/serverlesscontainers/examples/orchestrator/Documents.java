package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The documents of an installation as requests see them: what is missing is 404, what would break one is 400. */
final class Documents {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final StateStore store;

    Documents(StateStore store) {
        this.store = store;
    }

    /** All documents of a kind, by name. */
    <D extends Document> ArrayNode all(DocumentKind<D> kind) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        asking(() -> store.findAll(kind)).stream()
                .map(Revisioned::document)
                .sorted(Comparator.comparing(Document::name))
                .forEach(document -> json.add(document.toJson()));
        return json;
    }

    /** One document. */
    <D extends Document> ObjectNode one(DocumentKind<D> kind, String name) {
        return asking(() -> store.find(kind, name))
                .orElseThrow(() -> missing(kind, name))
                .document()
                .toJson();
    }

    /**
     * Changes one document, whoever else changes it at the same time. A change that would make a sound field unreadable is
     * refused.
     *
     * @param edit works on the JSON form; may be called several times
     */
    <D extends Document> void change(DocumentKind<D> kind, String name, Consumer<ObjectNode> edit) {
        UnaryOperator<D> change = document -> {
            ObjectNode json = document.toJson();
            edit.accept(json);
            D changed = kind.read(json);
            Optional<Problem> broken = changed.problems().stream()
                    .filter(problem -> !document.problems().contains(problem))
                    .findFirst();
            if (broken.isPresent()) {
                throw new RestException(BAD_REQUEST, broken.get().toString());
            }
            return changed;
        };
        asking(() -> {
            try {
                return store.change(kind, name, change);
            } catch (MissingDocumentException missing) {
                throw missing(kind, name);
            }
        });
    }

    /** A document from outside; one that cannot be read as a whole is 400. */
    <D extends Document> D read(DocumentKind<D> kind, ObjectNode json) {
        D document = asking(() -> kind.read(json));
        document.problems().stream().findFirst().ifPresent(problem -> {
            throw new RestException(BAD_REQUEST, problem.toString());
        });
        return document;
    }

    /** Whether there is a document of this name. */
    boolean has(DocumentKind<?> kind, String name) {
        return asking(() -> store.find(kind, name)).isPresent();
    }

    /** Adds a document; one of its name is 400. */
    <D extends Document> void create(DocumentKind<D> kind, ObjectNode json) {
        D document = read(kind, json);
        asking(() -> {
            try {
                return store.create(kind, document);
            } catch (ConflictException there) {
                throw new RestException(
                        BAD_REQUEST, Shown.named(kind.word(), document.name()) + " is there already", there);
            }
        });
    }

    /** Removes a document; whether it was there. Whoever changes it at the same time loses. */
    <D extends Document> boolean delete(DocumentKind<D> kind, String name) {
        return asking(() -> {
            while (true) {
                Optional<Revisioned<D>> found = store.find(kind, name);
                if (found.isEmpty()) {
                    return false;
                }
                try {
                    store.delete(kind, name, found.get().revision());
                    return true;
                } catch (ConflictException changed) {
                    // Again, with the revision that it has now.
                }
            }
        });
    }

    /** There must be a structure of this name, and of this subtype. */
    void requireSubtype(String name, String subtype) {
        ObjectNode structure = one(DocumentKind.STRUCTURES, name);
        if (!structure.path("subtype").asText().equals(subtype)) {
            throw new RestException(
                    BAD_REQUEST,
                    Shown.named("structure", name) + " is of subtype " + Shown.of(structure.get("subtype")) + ", "
                            + subtype + " is needed");
        }
    }

    /** The answer of the state, whose trouble is told as an error of the request. */
    static <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (DocumentException broken) {
            throw new RestException(BAD_REQUEST, broken.getMessage(), broken);
        } catch (StateStoreException away) {
            throw new RestException(UNAVAILABLE, "the state cannot be reached: " + away.getMessage(), away);
        }
    }

    static RestException missing(DocumentKind<?> kind, String name) {
        String sentence = kind == DocumentKind.LIMITS
                ? "there are no limits of " + Shown.named("structure", name)
                : "there is no " + Shown.named(kind.word(), name);
        return new RestException(NOT_FOUND, sentence);
    }

    /** A part of a document, which must be there. */
    static JsonNode part(JsonNode json, String owner, String word, String key) {
        JsonNode part = json.get(key);
        if (part == null) {
            throw new RestException(NOT_FOUND, owner + " has no " + Shown.named(word, key));
        }
        return part;
    }

    /** A part of a document, which must be there and an object. */
    static ObjectNode section(JsonNode json, String owner, String word, String key) {
        if (part(json, owner, word, key) instanceof ObjectNode section) {
            return section;
        }
        throw new RestException(BAD_REQUEST, owner + " has a " + Shown.named(word, key) + " that is no object");
    }
}
