package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.WriteOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server behind TLS that speaks HTTP/2 and HTTP/1.1: what the builder's client trusts and speaks is what counts. */
class TlsTest {
    private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder()
            .commonName("a server like CouchDB")
            .addSubjectAlternativeName("127.0.0.1")
            .build();

    @TempDir
    private static Path folder;

    private static CouchDbLike server;

    private final String prefix = CouchDbLike.newPrefix();
    private final Traffic traffic = new Traffic();

    @BeforeAll
    static void start() throws IOException {
        Path key = Files.writeString(folder.resolve("key.pem"), CERTIFICATE.privateKeyPkcs8Pem());
        Path certificate = Files.writeString(folder.resolve("certificate.pem"), CERTIFICATE.certificatePem());
        server = CouchDbLike.start("--tls=" + key + "," + certificate);
    }

    @AfterAll
    static void end() {
        if (server != null) {
            server.close();
        }
    }

    private OkHttpClient.Builder trusting() {
        HandshakeCertificates trusted = new HandshakeCertificates.Builder()
                .addTrustedCertificate(CERTIFICATE.certificate())
                .build();
        return traffic.client().newBuilder().sslSocketFactory(trusted.sslSocketFactory(), trusted.trustManager());
    }

    private CouchDbStateStore store(String url, OkHttpClient client) {
        return CouchDbLike.store(url, prefix).client(client).build();
    }

    @Test
    void speaks_http_2_where_the_server_offers_it() {
        assertItWorks(trusting().build());

        assertThat(traffic.protocols()).containsExactly(Protocol.HTTP_2);
    }

    @Test
    void speaks_http_1_where_the_client_wants_it() {
        assertItWorks(trusting().protocols(List.of(Protocol.HTTP_1_1)).build());

        assertThat(traffic.protocols()).containsExactly(Protocol.HTTP_1_1);
    }

    private void assertItWorks(OkHttpClient client) {
        try (CouchDbStateStore store = store(server.secureUrl(), client);
                CouchDbStateStore other = server.store(prefix).build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            store.create(SERVICES, Documents.counter("scaler", 1));
            assertThat(store.changeAll(
                            SERVICES, Map.of("guardian", Documents::incremented, "scaler", Documents::incremented)))
                    .allSatisfy(it -> assertThat(it).isInstanceOf(WriteOutcome.Written.class));
            assertThat(store.addEvents(List.of(Documents.event(1)))).hasSize(1);

            other.change(SERVICES, "guardian", Documents::incremented);

            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            Documents.count(store.find(SERVICES, "guardian").orElseThrow()) == 3);
            assertThat(other.removeEvents(List.of(store.events().get(0).id()))).isOne();
        }
        assertThat(traffic.held()).isZero();
    }

    @Test
    void a_certificate_that_nobody_vouches_for_is_one_sentence() {
        assertNotTrusted(server.secureUrl(), traffic.client());
    }

    @Test
    void the_certificate_of_another_host_is_one_sentence() {
        String url = HttpUrl.get(server.secureUrl())
                .newBuilder()
                .host("localhost")
                .build()
                .toString();

        assertNotTrusted(url, trusting().build());
    }

    private void assertNotTrusted(String url, OkHttpClient client) {
        HttpUrl asked = HttpUrl.get(url);
        try (CouchDbStateStore store = store(url, client)) {
            assertThatThrownBy(() -> store.create(SERVICES, Documents.counter("guardian", 1)))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessageStartingWith("database '" + prefix + "services' at https://" + asked.host() + ":"
                            + asked.port() + ": the server's certificate is not trusted: ")
                    .hasMessageEndingWith("a client that trusts it can be given to the builder")
                    .message()
                    .doesNotContain("\n", CouchDbLike.PASSWORD);
        }
    }
}
