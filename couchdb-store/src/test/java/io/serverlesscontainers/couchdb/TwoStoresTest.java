package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.ScalingEvent;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two programs on the same databases. */
class TwoStoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private CouchDbStateStore one;
    private CouchDbStateStore other;

    @BeforeEach
    void open() {
        String prefix = CouchDbLike.newPrefix();
        one = CouchDbLike.shared().store(prefix).build();
        other = CouchDbLike.shared().store(prefix).build();
        other.findAll(SERVICES);
        other.events();
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void each_sees_what_the_other_creates_changes_and_removes() {
        one.create(SERVICES, Documents.counter("guardian", 1));
        awaitSame();
        other.change(SERVICES, "guardian", Documents::incremented);
        awaitSame();
        Revisioned<ServiceDocument> now = other.find(SERVICES, "guardian").orElseThrow();
        assertThat(Documents.count(now)).isEqualTo(2);
        other.delete(SERVICES, "guardian", now.revision());
        awaitSame();
        assertThat(one.findAll(SERVICES)).isEmpty();
    }

    @Test
    void what_one_removes_and_the_other_creates_again_is_seen_by_both() {
        for (int round = 0; round < 5; round++) {
            Revisioned<ServiceDocument> created = one.create(SERVICES, Documents.counter("guardian", round));
            one.delete(SERVICES, "guardian", created.revision());
            other.create(SERVICES, Documents.counter("guardian", 10 + round));
            awaitSame();
            Revisioned<ServiceDocument> again = one.find(SERVICES, "guardian").orElseThrow();
            assertThat(Documents.count(again)).isEqualTo(10 + round);
            one.delete(SERVICES, "guardian", again.revision());
            awaitSame();
        }
    }

    @Test
    void an_event_of_one_can_be_removed_by_the_other_at_once_and_only_once() {
        for (int round = 0; round < 5; round++) {
            List<Stored<ScalingEvent>> added = one.addEvents(List.of(Documents.event(1), Documents.event(2)));
            List<String> ids = added.stream().map(Stored::id).toList();

            assertThat(other.removeEvents(ids)).isEqualTo(2);
            assertThat(one.removeEvents(ids)).isZero();
            assertThat(one.events()).isEmpty();
        }
    }

    private void awaitSame() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(one.find(SERVICES, "guardian")).isEqualTo(other.find(SERVICES, "guardian")));
    }
}
