package io.serverlesscontainers.examples.init;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.examples.init.Initializer.Done;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new installation has, and what an old one keeps. */
class InitializerTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final Initializer initializer = new Initializer(store);

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void the_stock_documents_are_written_once() throws Exception {
        assertThat(initializer.write(StartingDocuments.stock(), false))
                .containsExactlyInAnyOrder(
                        new Done(DocumentKind.SERVICES, 0, 6, 0),
                        new Done(DocumentKind.RULES, 0, 21, 0),
                        new Done(DocumentKind.LIMITS, 0, 3, 0),
                        new Done(DocumentKind.STRUCTURES, 0, 4, 0));
        store.change(
                DocumentKind.SERVICES,
                "guardian",
                document -> document.withConfig("ACTIVE", JsonNodeFactory.instance.booleanNode(false)));

        assertThat(initializer.write(StartingDocuments.stock(), false))
                .contains(new Done(DocumentKind.SERVICES, 0, 0, 6));

        assertThat(active()).isFalse();
        assertThat(store.findAll(DocumentKind.STRUCTURES))
                .allSatisfy(each -> assertThat(each.document().problems()).isEmpty());
    }

    @Test
    void a_reset_starts_over() throws Exception {
        initializer.write(StartingDocuments.stock(), false);
        store.change(
                DocumentKind.SERVICES,
                "guardian",
                document -> document.withConfig("ACTIVE", JsonNodeFactory.instance.booleanNode(false)));
        Structure own = Structure.of("own", Structure.Subtype.CONTAINER);
        store.create(DocumentKind.STRUCTURES, own);
        store.addRequests(List.of(ScalingRequest.of(own, Resource.CPU, 1, 0, Instant.EPOCH)));

        assertThat(initializer.write(StartingDocuments.stock(), true))
                .contains(new Done(DocumentKind.SERVICES, 6, 6, 0), new Done(DocumentKind.STRUCTURES, 5, 4, 0));

        assertThat(active()).isTrue();
        assertThat(store.find(DocumentKind.STRUCTURES, "own")).isEmpty();
        assertThat(store.requests()).isEmpty();
    }

    @Test
    void own_documents_may_be_yaml_and_leave_other_kinds_alone() throws Exception {
        initializer.write(StartingDocuments.stock(), false);
        Files.writeString(directory.resolve("structures.yaml"), """
                - subtype: host
                  name: host7
                  resources:
                    cpu: {max: 800, free: 800}
                """);

        assertThat(initializer.write(StartingDocuments.in(directory), true))
                .containsExactly(new Done(DocumentKind.STRUCTURES, 4, 1, 0));
        assertThat(store.findAll(DocumentKind.SERVICES)).hasSize(6);
    }

    @Test
    void documents_of_no_use_are_one_sentence() throws Exception {
        assertThatThrownBy(() -> StartingDocuments.in(directory))
                .hasMessageContaining("has no file of documents, one such as services.json");
        Files.writeString(directory.resolve("rules.json"), "{}");
        assertThatThrownBy(() -> StartingDocuments.in(directory)).hasMessageEndingWith("is no list of documents");
        Files.writeString(directory.resolve("rules.json"), "[{\"name\": \"a\"");
        assertThatThrownBy(() -> StartingDocuments.in(directory)).hasMessageContaining("rules.json cannot be read: ");
        Files.writeString(
                directory.resolve("rules.json"), "[{\"name\": \"a\", \"subtype\": \"host\", \"resource\": \"gpu\"}]");
        assertThatThrownBy(() -> StartingDocuments.in(directory)).hasMessageContaining("rules.json: ");
    }

    private boolean active() {
        return store.find(DocumentKind.SERVICES, "guardian")
                .orElseThrow()
                .document()
                .config()
                .get("ACTIVE")
                .booleanValue();
    }
}
