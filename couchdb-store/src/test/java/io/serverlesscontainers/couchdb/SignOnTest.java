package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.store.StateStoreException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who the store is to the server, and what a builder refuses. */
class SignOnTest {
    private final String prefix = CouchDbLike.newPrefix();

    private CouchDbStateStoreBuilder builder(String url) {
        return CouchDbStateStore.builder(url).databases(name -> prefix + name);
    }

    @Test
    void a_store_that_signs_on_reads_and_writes_with_a_cookie() {
        var traffic = new Traffic();
        try (CouchDbStateStore store = CouchDbLike.shared()
                .store(prefix)
                .cookies()
                .client(traffic.client())
                .build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            assertThat(Documents.count(store.change(SERVICES, "guardian", Documents::incremented)))
                    .isEqualTo(2);
        }
        assertThat(traffic.held()).isZero();
    }

    @Test
    void user_and_password_may_be_part_of_the_url_and_are_not_shown() {
        String url = CouchDbLike.shared().url().replace("//", "//admin:secret%20word@");
        try (CouchDbStateStore store = builder(url).build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            assertThat(store.toString())
                    .contains("user 'admin'", prefix + "services")
                    .doesNotContain("secret");
        }
    }

    @Test
    void a_wrong_password_is_one_sentence_without_it() {
        for (boolean byCookie : new boolean[] {false, true}) {
            CouchDbStateStoreBuilder builder =
                    builder(CouchDbLike.shared().url()).user("admin", "wrong-one");
            try (CouchDbStateStore store = (byCookie ? builder.cookies() : builder).build()) {
                assertThatThrownBy(() -> store.create(SERVICES, Documents.counter("guardian", 1)))
                        .isInstanceOf(StateStoreException.class)
                        .hasMessageContaining("database '" + prefix + "services'")
                        .hasMessageContaining("refuses user 'admin' (401)")
                        .message()
                        .doesNotContain("wrong-one");
            }
        }
    }

    @Test
    void a_builder_says_what_is_allowed() {
        assertThatThrownBy(() -> CouchDbStateStore.builder("couchdb:secret@host"))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("secret");
        CouchDbStateStoreBuilder builder = CouchDbStateStore.builder("http://localhost:5984");
        assertThatThrownBy(() -> builder.pageSize(0)).hasMessage("pageSize is 0, 1 to 1000 documents are allowed");
        assertThatThrownBy(() -> builder.attempts(0)).hasMessage("attempts is 0, 1 to 100 are allowed");
        assertThatThrownBy(() -> builder.timeout(Duration.ZERO))
                .hasMessage("timeout is PT0S, a millisecond to an hour is allowed");
        assertThatThrownBy(() -> builder.pollTimeout(Duration.ofHours(1))).hasMessageContaining("up to a minute");
        assertThatThrownBy(() -> builder.databases(name -> "../" + name).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'../structures'");
    }
}
