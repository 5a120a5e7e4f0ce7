package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.LIMITS;
import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.WriteOutcome;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Limits;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ResourceLimits;
import io.serverlesscontainers.store.document.ServiceDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The server away, silent, broken, another one: what is reported, what is served, and that it passes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String prefix = CouchDbLike.newPrefix();
    private final Traffic traffic = new Traffic();
    private FaultyProxy proxy;
    private CouchDbStateStore store;
    private CouchDbStateStore direct;

    @BeforeEach
    void open() throws IOException {
        CouchDbLike server = CouchDbLike.shared();
        proxy = new FaultyProxy(server.url());
        store = CouchDbLike.store(proxy.url(), prefix)
                .client(traffic.client())
                .timeout(Duration.ofSeconds(2))
                .attempts(2)
                .build();
        direct = server.store(prefix).build();
    }

    @AfterEach
    void nothing_is_left_open() throws IOException {
        store.close();
        direct.close();
        proxy.close();
        assertThat(traffic.held()).isZero();
        assertThat(store.connectionCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultyProxy.Mode.class,
            names = {"AWAY", "SILENT", "CUT_ANSWERS"})
    void reads_go_on_writes_are_reported_and_it_all_comes_back(FaultyProxy.Mode fault) {
        store.create(LIMITS, Limits.of("cont0"));
        proxy.be(fault);

        assertThatThrownBy(() -> store.create(LIMITS, Limits.of("cont1")))
                .isInstanceOf(StateStoreException.class)
                .isNotInstanceOf(ConflictException.class)
                .hasMessageContaining("limits 'cont1' (_id 'cont1')")
                .hasMessageContaining("not written")
                .hasMessageContaining("database '" + prefix + "limits'");
        assertThatThrownBy(() -> store.addEvents(List.of(Documents.event(1))))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining(prefix + "events");
        assertThat(store.find(LIMITS, "cont0")).isPresent();
        assertThat(store.findAll(LIMITS)).extracting(it -> it.document().name()).contains("cont0");

        direct.create(LIMITS, Limits.of("meanwhile"));
        proxy.be(FaultyProxy.Mode.PASS);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.find(LIMITS, "meanwhile")).isPresent());
        store.create(LIMITS, Limits.of("cont2"));
        assertThat(store.addEvents(List.of(Documents.event(2)))).hasSize(1);
    }

    @Test
    void the_age_of_what_is_read_grows_while_the_server_is_away() {
        assertThat(store.age()).isEmpty();
        store.create(LIMITS, Limits.of("cont0"));
        assertThat(store.age().orElseThrow()).isLessThan(PATIENCE);
        proxy.be(FaultyProxy.Mode.AWAY);

        await().atMost(PATIENCE).until(() -> store.age().orElseThrow().compareTo(Duration.ofMillis(2_500)) > 0);
        proxy.be(FaultyProxy.Mode.PASS);

        await().atMost(PATIENCE).until(() -> store.age().orElseThrow().compareTo(Duration.ofMillis(1_500)) < 0);
    }

    @Test
    void a_store_that_never_reached_the_server_says_so_and_works_once_it_does() {
        proxy.be(FaultyProxy.Mode.AWAY);
        assertThatThrownBy(() -> store.findAll(LIMITS))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("database '" + prefix + "limits'");

        proxy.be(FaultyProxy.Mode.PASS);

        assertThat(store.findAll(LIMITS)).isEmpty();
    }

    @Test
    void a_full_disk_a_proxys_page_and_bytes_that_are_no_text_are_each_one_sentence() {
        store.create(LIMITS, Limits.of("cont0"));
        store.addEvents(List.of(Documents.event(1)));

        proxy.answer(
                "500 Internal Server Error", "application/json", utf8("{\"error\":\"error\",\"reason\":\"enospc\"}"));
        assertRefused("500 (error: enospc)");
        proxy.answer("502 Bad Gateway", "text/html", utf8("<html>bad gateway</html>"));
        assertRefused("502");
        proxy.answer("200 OK", "text/html", utf8("<html>please log in</html>"));
        assertRefused("HTML instead of JSON");
        proxy.answer("200 OK", "application/json", new byte[] {'[', '"', (byte) 0xc3, (byte) 0x28, '"', ']'});
        assertRefused("no readable JSON");
        proxy.answer("200 OK", "application/json", utf8("[{\"ok\":true,"));
        assertRefused("cut off");
        proxy.answer("200 OK", "application/json", utf8("{}"));
        assertRefused("not of the form");
        proxy.be(FaultyProxy.Mode.PASS);

        store.create(LIMITS, Limits.of("cont1"));
        assertThat(store.removeEvents(List.of(store.events().get(0).id()))).isOne();
    }

    @Test
    void after_an_outage_it_goes_on_from_the_last_sequence() {
        for (int i = 0; i < 3; i++) {
            store.create(LIMITS, Limits.of("cont" + i));
        }
        traffic.forget();
        proxy.be(FaultyProxy.Mode.AWAY);
        direct.change(LIMITS, "cont0", it -> it.withResource(Resource.CPU, ResourceLimits.of(Boundary.absolute(5))));
        direct.delete(
                LIMITS, "cont1", direct.find(LIMITS, "cont1").orElseThrow().revision());
        direct.create(LIMITS, Limits.of("cont3"));
        proxy.be(FaultyProxy.Mode.PASS);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(store.findAll(LIMITS)).containsExactlyInAnyOrderElementsOf(direct.findAll(LIMITS)));
        assertThat(traffic.wholePages()).isEmpty();
    }

    @Test
    void a_database_that_is_gone_is_served_from_what_was_read_with_its_age_and_read_once_it_is_back()
            throws IOException {
        store.create(SERVICES, Documents.counter("guardian", 1));
        CouchDbLike.shared().request("DELETE", prefix + "services", null);

        await().atMost(PATIENCE).until(() -> store.age().orElseThrow().compareTo(Duration.ofMillis(2_500)) > 0);
        assertThat(store.findAll(SERVICES)).hasSize(1);

        CouchDbLike.shared().request("PUT", prefix + "services", null);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.findAll(SERVICES)).isEmpty());
        assertThat(store.age().orElseThrow()).isLessThan(PATIENCE);
    }

    @Test
    void what_a_part_of_the_servers_cannot_tell_just_now_is_not_taken_for_gone() {
        String id = store.addEvents(List.of(Documents.event(1))).get(0).id();

        proxy.answer("200 OK", "application/json", utf8("{\"rows\":[{\"key\":\"x\",\"error\":\"timeout\"}]}"));

        assertThatThrownBy(() -> store.removeEvents(List.of("x")))
                .isInstanceOf(StateStoreException.class)
                .hasMessageContaining("database '" + prefix + "events'")
                .hasMessageContaining("the server answered 'timeout' for _id 'x'");
        assertThat(store.events()).extracting(Stored::id).containsExactly(id);
    }

    private void assertRefused(String why) {
        List<WriteOutcome<Limits>> outcomes = store.writeAll(LIMITS, List.of(Write.create(Limits.of("cont1"))));
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        WriteOutcome.Failed.class,
                        failed -> assertThat(failed.reason())
                                .contains("limits 'cont1'", "_id 'cont1'", "database '" + prefix + "limits'", why)
                                .doesNotContain("\n", CouchDbLike.PASSWORD));
        assertThat(store.find(LIMITS, "cont0")).isPresent();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void a_database_that_was_removed_and_made_anew_is_read_again() throws IOException {
        for (int i = 0; i < 5; i++) {
            store.create(SERVICES, Documents.counter("old" + i, 1));
        }
        store.change(SERVICES, "old1", Documents::incremented);

        CouchDbLike.shared().request("DELETE", prefix + "services", null);
        CouchDbLike.shared().request("PUT", prefix + "services", null);
        CouchDbLike.shared()
                .request(
                        "POST",
                        prefix + "services/_bulk_docs",
                        "{\"docs\":[{\"_id\":\"u1\",\"name\":\"new\"},"
                                + "{\"_id\":\"old1\",\"name\":\"old1\",\"config\":{\"COUNT\":7}}]}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.findAll(SERVICES))
                        .extracting(it -> it.document().name())
                        .containsExactlyInAnyOrder("new", "old1"));
        assertThat(Documents.count(store.change(SERVICES, "old1", Documents::incremented)))
                .isEqualTo(8);
    }

    @Test
    void what_is_new_makes_a_database_that_was_removed() throws IOException {
        store.create(SERVICES, Documents.counter("guardian", 1));
        store.addEvents(List.of(Documents.event(1)));
        CouchDbLike.shared().request("DELETE", prefix + "services", null);
        CouchDbLike.shared().request("DELETE", prefix + "events", null);

        store.addEvents(List.of(Documents.event(2)));
        ServiceDocument scaler = Documents.counter("scaler", 1);
        store.create(SERVICES, scaler);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.findAll(SERVICES))
                        .extracting(it -> it.document().name())
                        .containsExactly("scaler"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(store.events())
                        .extracting(it -> it.entry().structure())
                        .containsExactly("cont2"));
    }
}
