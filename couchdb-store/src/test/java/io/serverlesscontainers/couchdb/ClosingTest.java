package io.serverlesscontainers.couchdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClosingTest {
    private static final Duration POLL = Duration.ofSeconds(30);

    @Test
    void does_not_wait_for_the_answer_to_a_poll() {
        CouchDbLike server = CouchDbLike.shared();
        String prefix = CouchDbLike.newPrefix();
        CouchDbStateStore store = server.store(prefix).pollTimeout(POLL).build();
        store.init();
        try (CouchDbStateStore other = server.store(prefix).build()) {
            other.create(DocumentKind.STRUCTURES, Structure.of("web-1", Structure.Subtype.CONTAINER));
        }
        // So it polls.
        await().atMost(POLL)
                .until(() -> store.find(DocumentKind.STRUCTURES, "web-1").isPresent());

        long start = System.nanoTime();
        store.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }
}
