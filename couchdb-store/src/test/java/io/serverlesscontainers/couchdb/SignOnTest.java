package io.serverlesscontainers.couchdb;

import static io.serverlesscontainers.store.document.DocumentKind.SERVICES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.store.StateStoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
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
    void a_session_that_has_ended_is_begun_anew() throws IOException {
        var cookies = new Cookies();
        CouchDbLike server = CouchDbLike.shared();
        try (CouchDbStateStore store =
                server.store(prefix).cookies().client(cookies.client()).build()) {
            store.create(SERVICES, Documents.counter("guardian", 1));
            assertThat(cookies.signedOn()).isOne();

            end(cookies.last(), server.url());

            assertThat(Documents.count(store.change(SERVICES, "guardian", Documents::incremented)))
                    .isEqualTo(2);
            assertThat(cookies.signedOn()).isEqualTo(2);
        }
    }

    private static void end(String cookie, String url) throws IOException {
        var request = new Request.Builder()
                .url(url + "_session")
                .header("Cookie", cookie)
                .delete()
                .build();
        try (Response response = new OkHttpClient().newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    @Test
    void no_password_and_no_cookie_is_part_of_a_log_line_an_exception_or_a_text() throws IOException {
        var texts = new Texts();
        var cookies = new Cookies();
        try (texts;
                var proxy = new FaultyProxy(CouchDbLike.shared().url())) {
            for (boolean byCookie : new boolean[] {false, true}) {
                CouchDbStateStoreBuilder builder = CouchDbLike.store(proxy.url(), prefix)
                        .client(cookies.client())
                        .timeout(Duration.ofSeconds(2));
                if (byCookie) {
                    builder.cookies();
                }
                try (CouchDbStateStore store = builder.build()) {
                    texts.add(builder.toString(), store.toString());
                    store.findAll(SERVICES);
                    for (FaultyProxy.Mode fault :
                            List.of(FaultyProxy.Mode.AWAY, FaultyProxy.Mode.CUT_ANSWERS, FaultyProxy.Mode.CANNED)) {
                        if (fault == FaultyProxy.Mode.CANNED) {
                            proxy.answer("401 Unauthorized", "application/json", "{\"error\":\"x\"}".getBytes(UTF_8));
                        } else {
                            proxy.be(fault);
                        }
                        texts.add(catchThrowable(() -> store.create(SERVICES, Documents.counter("guardian", 1))));
                    }
                    await().atMost(Duration.ofSeconds(30))
                            .until(() -> texts.all()
                                    .lines()
                                    .anyMatch(line -> line.contains("database '" + prefix + "services'")
                                            && line.contains("is served until")));
                    proxy.be(FaultyProxy.Mode.PASS);
                }
            }
        }
        assertThat(cookies.last()).contains("AuthSession=");
        assertThat(texts.all())
                .contains("user 'admin'", "database '" + prefix + "services'")
                .doesNotContain(
                        CouchDbLike.PASSWORD,
                        CouchDbLike.PASSWORD.replace(" ", "+"),
                        CouchDbLike.PASSWORD.replace(" ", "%20"),
                        Credentials.basic(CouchDbLike.USER, CouchDbLike.PASSWORD, UTF_8)
                                .substring("Basic ".length()),
                        cookies.last().substring("AuthSession=".length()));
    }

    /** The cookies that go to the server, and how often somebody signs on for one. */
    private static final class Cookies {
        private final AtomicInteger signedOn = new AtomicInteger();
        private volatile String last;

        OkHttpClient client() {
            return new OkHttpClient.Builder()
                    .addNetworkInterceptor(chain -> {
                        String cookie = chain.request().header("Cookie");
                        last = cookie == null ? last : cookie;
                        if (chain.request().url().encodedPath().equals("/_session")) {
                            signedOn.incrementAndGet();
                        }
                        return chain.proceed(chain.request());
                    })
                    .build();
        }

        int signedOn() {
            return signedOn.get();
        }

        String last() {
            return last;
        }
    }

    /** All that anybody might read: each line of any level that the store and the HTTP client log, and what is added. */
    private static final class Texts extends Handler implements AutoCloseable {
        private final Map<Logger, Level> levels = new LinkedHashMap<>();
        private final StringBuffer all = new StringBuffer();

        Texts() {
            for (String name : List.of("io.serverlesscontainers.couchdb", "okhttp3")) {
                Logger logger = Logger.getLogger(name);
                levels.put(logger, logger.getLevel());
                logger.setLevel(Level.ALL);
                logger.setUseParentHandlers(false);
                logger.addHandler(this);
            }
        }

        void add(String... texts) {
            for (String text : texts) {
                all.append(text).append('\n');
            }
        }

        void add(Throwable thrown) {
            assertThat(thrown).isNotNull();
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            add(trace.toString());
        }

        String all() {
            return all.toString();
        }

        @Override
        public void publish(LogRecord line) {
            add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            levels.forEach((logger, level) -> {
                logger.setLevel(level);
                logger.setUseParentHandlers(true);
                logger.removeHandler(this);
            });
        }
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
