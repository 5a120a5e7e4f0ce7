package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every service does with requests, whatever it serves; over real sockets. */
class RestServerTest {
    private static final String SECRET = "correct-horse-battery";
    private static final Token TOKEN = Token.of(SECRET, "the test");
    private static final byte[] NOTHING = {};

    private final AtomicLong changes = new AtomicLong();
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final ServiceMetrics metrics = new ServiceMetrics("test");
    private RestServer server;

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        if (server != null) {
            server.close();
        }
        metrics.close();
    }

    private RestServer.Builder settings(Listen listen) {
        return RestServer.builder(listen, metrics)
                .routes(List.of(
                        Route.get("/thing/{name}", request -> Route.Reply.ok(text(request.name("name")))),
                        Route.put("/thing/{name}", request -> {
                            JsonNode body = request.body();
                            changes.incrementAndGet();
                            return Route.Reply.changed(body);
                        }),
                        Route.get("/path/<name>", request -> Route.Reply.ok(text(request.name("name")))),
                        Route.get("/failing", request -> {
                            throw new IllegalStateException("a secret");
                        }),
                        Route.get("/overflowing", request -> {
                            throw new StackOverflowError("a secret");
                        }),
                        Route.get("/waiting", request -> {
                            waiting.countDown();
                            try {
                                never.await();
                            } catch (InterruptedException stopped) {
                                Thread.currentThread().interrupt();
                            }
                            return Route.Reply.ok(text("late"));
                        })));
    }

    private static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    private void start() {
        server = settings(Listen.loopback(0)).start();
    }

    private void startWith(Token token) {
        server = settings(new Listen(InetAddress.getLoopbackAddress(), 0, Optional.of(token), false, Optional.empty()))
                .start();
    }

    private RawHttp.Answer ask(String method, String target, String headers, String body) throws IOException {
        try (var http = new RawHttp(server.url())) {
            return http.send(method, target, headers, body.getBytes(StandardCharsets.UTF_8))
                    .answer();
        }
    }

    private static String error(RawHttp.Answer answer) throws IOException {
        assertThat(answer.headers()).containsEntry("content-type", "application/json");
        JsonNode json = new ObjectMapper().readTree(answer.body());
        assertThat(json.size()).isEqualTo(1);
        return json.path("error").textValue();
    }

    @Test
    void a_slash_at_the_end_makes_no_difference() throws Exception {
        start();
        assertThat(ask("GET", "/thing/a", "", "").body()).isEqualTo("\"a\"\n");
        assertThat(ask("GET", "/thing/a/", "", "").body()).isEqualTo("\"a\"\n");
        assertThat(ask("GET", "/path/a/b/", "", "").body()).isEqualTo("\"a/b\"\n");
        assertThat(ask("GET", "/path/a%2Fb", "", "").body()).isEqualTo("\"a/b\"\n");
    }

    @Test
    void the_type_of_a_body_is_not_looked_at() throws Exception {
        start();
        for (String type : List.of("", "Content-Type: text/plain\r\n", "Content-Type: multipart/form-data\r\n")) {
            assertThat(ask("PUT", "/thing/a", type, "{\"a\":1}").status()).isEqualTo(201);
        }
        // What curl -d says when nobody says otherwise.
        assertThat(ask("PUT", "/thing/a", "Content-Type: application/x-www-form-urlencoded\r\n", "{\"a\":1}")
                        .body())
                .isEqualTo("{\"a\":1}\n");
    }

    @Test
    void what_is_not_there_is_told() throws Exception {
        start();
        RawHttp.Answer answer = ask("GET", "/nothing", "", "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(error(answer)).isEqualTo("there is no /nothing here; /openapi.json says what there is");
    }

    @Test
    void another_method_than_those_there_are_is_told() throws Exception {
        start();
        RawHttp.Answer answer = ask("POST", "/thing/a", "", "{}");
        assertThat(answer.status()).isEqualTo(405);
        assertThat(error(answer)).startsWith("/thing/a cannot be asked for with POST, only with ");
        assertThat(answer.headers().get("allow")).contains("GET", "PUT");
        for (String method : List.of("OPTIONS", "PATCH", "TRACE", "BREW", "CONNECT")) {
            assertThat(ask(method, "/thing/a", "", "").status()).as(method).isBetween(400, 501);
        }
    }

    @Test
    void a_body_that_is_no_json_is_told() throws Exception {
        start();
        for (String body : List.of("", " ", "{", "nonsense", "{\"a\":1}{", "{\"a\":1,\"a\":2}", "[".repeat(500))) {
            RawHttp.Answer answer = ask("PUT", "/thing/a", "", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(error(answer)).as(body).startsWith("the body is ");
        }
        assertThat(changes).hasValue(0);
    }

    @Test
    void no_header_makes_it_another_method() throws Exception {
        start();
        assertThat(ask("GET", "/thing/a", "X-HTTP-Method-Override: PUT\r\n", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(ask("POST", "/thing/a", "x-http-method-override: PUT\r\n", "{}")
                        .status())
                .isEqualTo(405);
        assertThat(changes).hasValue(0);
    }

    @Test
    void what_other_programs_cannot_read_is_refused() throws Exception {
        start();
        for (String body : List.of(
                "1e400", "{\"a\":[-1e400]}", "[" + "9".repeat(400) + "]", "[\"\\ud800\"]", "{\"\\udc00x\":1}")) {
            RawHttp.Answer answer = ask("PUT", "/thing/a", "", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(error(answer)).as(body).startsWith("the body ");
        }
        assertThat(changes).hasValue(0);
        assertThat(ask("PUT", "/thing/a", "", "[1e300,\"\\ud83d\\ude00\"]").status())
                .isEqualTo(201);
    }

    @Test
    void a_failure_tells_nothing_of_itself() throws Exception {
        start();
        RawHttp.Answer answer = ask("GET", "/failing", "", "");
        assertThat(answer.status()).isEqualTo(500);
        assertThat(error(answer)).isEqualTo("the request could not be answered, the log of the service says why");
        assertThat(ask("GET", "/overflowing", "", "").status()).isEqualTo(500);
        assertThat(ask("GET", "/overflowing", "", "").body()).doesNotContain("secret");
        assertThat(ask("GET", "/thing/a", "", "").status()).isEqualTo(200);
    }

    @Test
    void what_is_no_http_is_answered_in_json() throws Exception {
        start();
        for (String request : List.of(
                "nonsense\r\n\r\n",
                "GET /thing/%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /thing/a HTTP/1.1\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /thing/a HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(20_000) + "\r\n\r\n")) {
            try (var http = new RawHttp(server.url())) {
                RawHttp.Answer answer =
                        http.send(request.getBytes(StandardCharsets.US_ASCII)).answer();
                assertThat(answer.status()).isBetween(400, 499);
                assertThat(error(answer)).startsWith("the request cannot be read as HTTP: ");
            }
        }
    }

    @Test
    void a_body_too_large_is_refused_before_it_is_read() throws Exception {
        start();
        try (var http = new RawHttp(server.url())) {
            http.send("PUT /thing/a HTTP/1.1\r\nHost: a\r\nContent-Length: 104857600\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            RawHttp.Answer answer = http.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(error(answer)).isEqualTo("the body is larger than 1048576 bytes, which are allowed");
        }
        assertThat(changes).hasValue(0);
    }

    @Test
    void a_body_that_does_not_say_how_large_it_is_is_refused_too() throws Exception {
        start();
        try (var http = new RawHttp(server.url())) {
            http.send("PUT /thing/a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            byte[] mebibyte = new byte[1 << 20];
            for (int sent = 0; sent < 2; sent++) {
                http.send("100000\r\n".getBytes(StandardCharsets.US_ASCII));
                http.send(mebibyte);
                http.send("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            RawHttp.Answer answer = http.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.isLast()).isTrue();
            // What comes all the same is kept nowhere.
            try {
                for (int sent = 0; sent < 98; sent++) {
                    http.send(mebibyte);
                }
            } catch (SocketException ended) {
                // Or the server does not listen any more.
            }
        }
        assertThat(changes).hasValue(0);
        assertThat(ask("GET", "/thing/a", "", "").status()).isEqualTo(200);
    }

    @Test
    void without_the_token_there_is_nothing_at_all() throws Exception {
        startWith(TOKEN);
        for (String path : List.of("/thing/a", "/heartbeat", "/metrics", "/openapi.json", "/nothing", "/failing")) {
            for (String method : List.of("GET", "PUT", "POST", "HEAD")) {
                for (String headers : List.of(
                        "",
                        "Authorization: Bearer\r\n",
                        "Authorization: Bearer " + SECRET + "x\r\n",
                        "Authorization: " + SECRET + "\r\n",
                        "Authorization: Basic " + SECRET + "\r\n",
                        "Authorization: Bearer " + SECRET.substring(1) + "\r\n")) {
                    try (var http = new RawHttp(server.url())) {
                        http.send(method, path, headers, NOTHING);
                        if (method.equals("HEAD")) {
                            continue; // has a length, but no body
                        }
                        RawHttp.Answer answer = http.answer();
                        assertThat(answer.status()).isEqualTo(401);
                        assertThat(error(answer)).isEqualTo("a token is needed: Authorization: Bearer TOKEN");
                    }
                }
            }
        }
        assertThat(ask("GET", "/thing/a", "Authorization: Bearer " + SECRET + "\r\n", "")
                        .status())
                .isEqualTo(200);
        assertThat(ask("GET", "/thing/a", "authorization: bearer " + SECRET + "\r\n", "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void from_another_address_without_the_token_there_is_nothing_either() throws Exception {
        InetAddress every = InetAddress.getByName("0.0.0.0");
        assertThatThrownBy(() -> new Listen(every, 0, Optional.empty(), false, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a token is needed, or --insecure");
        server = settings(new Listen(every, 0, Optional.of(TOKEN), false, Optional.empty()))
                .start();
        int port = server.url().getPort();
        try (var http = new RawHttp(URI.create("http://127.0.0.2:" + port))) {
            RawHttp.Answer answer = http.send("PUT", "/thing/a", "", "{}".getBytes(StandardCharsets.UTF_8))
                    .answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(error(answer)).isEqualTo("a token is needed: Authorization: Bearer TOKEN");
        }
        assertThat(changes).hasValue(0);
    }

    @Test
    void loopback_is_not_reached_from_elsewhere() {
        start();
        assertThat(server.url().getHost()).isEqualTo("127.0.0.1");
        int port = server.url().getPort();
        assertThatThrownBy(() -> new RawHttp(URI.create("http://127.0.0.2:" + port)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void who_asks_too_often_waits() throws Exception {
        server = settings(Listen.loopback(0)).requestsPerSecond(5).start();
        int refused = 0;
        for (int asked = 0; asked < 60; asked++) {
            RawHttp.Answer answer = ask("GET", "/thing/a", "", "");
            if (answer.status() == 429) {
                assertThat(error(answer)).isEqualTo("more than 5 requests a second: try again in a second");
                assertThat(answer.headers()).containsEntry("retry-after", "1");
                refused++;
            }
        }
        assertThat(refused).isPositive();
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(ask("GET", "/thing/a", "", "").status()).isEqualTo(200));
    }

    @Test
    void figures_are_counted_by_route_and_not_by_name() throws Exception {
        start();
        ask("GET", "/thing/a", "", "");
        ask("GET", "/thing/b", "", "");
        ask("GET", "/nothing", "", "");
        RawHttp.Answer answer = ask("GET", "/metrics", "", "");
        assertThat(answer.headers().get("content-type")).startsWith("text/plain");
        assertThat(answer.body())
                .contains(
                        "http_requests_seconds_count{method=\"GET\",route=\"/thing/{name}\",service=\"test\",status=\"200\"} 2")
                .contains("http_errors_total{service=\"test\",status=\"404\"} 1")
                .contains("jvm_memory_used_bytes")
                .doesNotContain("/thing/a");
    }

    @Test
    void it_is_alive() throws Exception {
        start();
        assertThat(ask("GET", "/heartbeat", "", "").body()).isEqualTo("{\"status\":\"alive\"}\n");
    }

    @Test
    void a_port_that_is_taken_is_told() {
        start();
        int taken = server.url().getPort();
        assertThatThrownBy(() -> settings(Listen.loopback(taken)).start())
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot listen at 127.0.0.1 port " + taken + ": it is taken");
    }

    @Test
    void it_ends_soon_whatever_is_running() throws Exception {
        start();
        try (var http = new RawHttp(server.url())) {
            http.send("GET", "/waiting", "", NOTHING);
            waiting.await();
            long began = System.nanoTime();
            server.close();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
        }
        assertThatThrownBy(() -> new RawHttp(server.url())).isInstanceOf(IOException.class);
    }

    @Test
    void over_tls_it_is_the_same() throws Exception {
        Listen.Keystore keystore = TestKeystore.in(directory, "server").keystore();
        server = settings(
                        new Listen(InetAddress.getLoopbackAddress(), 0, Optional.empty(), false, Optional.of(keystore)))
                .start();
        assertThat(server.url().getScheme()).isEqualTo("https");

        var trusted = KeyStore.getInstance(
                Path.of(keystore.file()).toFile(), keystore.password().toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        var tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        var client = HttpClient.newBuilder().sslContext(tls).build();
        var answer = client.send(
                HttpRequest.newBuilder(server.url().resolve("/thing/a")).build(), BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("\"a\"\n");
    }
}
