package io.serverlesscontainers.examples.init;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.document.Document;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents to start with, by kind: those of files called after their database ({@code rules.json}, {@code rules.yaml}), a
 * list in each. All are read before the first is used, and one that cannot be read as a whole is refused.
 */
public final class StartingDocuments {
    // JSON is YAML.
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final List<String> ENDINGS = List.of(".json", ".yaml", ".yml");

    private final Map<DocumentKind<?>, List<Document>> documents = new LinkedHashMap<>();

    private StartingDocuments() {}

    /** Two containers on one host, an application, the services and the rules, all with their stock values. */
    public static StartingDocuments stock() throws IOException {
        var stock = new StartingDocuments();
        for (DocumentKind<?> kind : List.of(DocumentKind.SERVICES, DocumentKind.LIMITS, DocumentKind.STRUCTURES)) {
            String file = kind.database() + ".json";
            try (InputStream stream = StartingDocuments.class.getResourceAsStream(file)) {
                stock.add(kind, YAML.readTree(stream), file);
            }
        }
        stock.documents.put(DocumentKind.RULES, new ArrayList<>(StockRules.documents()));
        return stock;
    }

    /**
     * Those of a directory.
     *
     * @throws IllegalArgumentException with one sentence, if there are none or one is of no use
     */
    static StartingDocuments in(Path directory) throws IOException {
        var own = new StartingDocuments();
        for (DocumentKind<?> kind : DocumentKind.all()) {
            Optional<Path> file = ENDINGS.stream()
                    .map(ending -> directory.resolve(kind.database() + ending))
                    .filter(Files::isRegularFile)
                    .findFirst();
            if (file.isPresent()) {
                JsonNode json;
                try {
                    json = YAML.readTree(file.get().toFile());
                } catch (IOException unreadable) {
                    String why = String.valueOf(unreadable.getMessage());
                    throw new IllegalArgumentException(
                            file.get() + " cannot be read: "
                                    + why.lines().findFirst().orElse(""),
                            unreadable);
                }
                own.add(kind, json, file.get().toString());
            }
        }
        if (own.documents.isEmpty()) {
            throw new IllegalArgumentException(directory
                    + " has no file of documents, one such as services.json, rules.yaml or structures.json is needed");
        }
        return own;
    }

    private <D extends Document> void add(DocumentKind<D> kind, JsonNode list, String file) {
        if (!list.isArray()) {
            throw new IllegalArgumentException(file + " is no list of documents");
        }
        List<Document> read = new ArrayList<>();
        for (JsonNode json : list) {
            D document;
            try {
                document = kind.read(json);
            } catch (DocumentException unreadable) {
                throw new IllegalArgumentException(file + ": " + unreadable.getMessage(), unreadable);
            }
            document.problems().stream().findFirst().ifPresent(problem -> {
                throw new IllegalArgumentException(file + ": " + problem);
            });
            read.add(document);
        }
        documents.put(kind, read);
    }

    /** The same without structures and their thresholds: an installation that nothing is subscribed to yet. */
    public StartingDocuments withoutStructures() {
        var others = new StartingDocuments();
        others.documents.putAll(documents);
        others.documents.keySet().removeAll(List.of(DocumentKind.STRUCTURES, DocumentKind.LIMITS, DocumentKind.USERS));
        return others;
    }

    /** By kind, in the order in which they are written. */
    Map<DocumentKind<?>, List<Document>> byKind() {
        return documents;
    }
}
