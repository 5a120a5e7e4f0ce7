package io.serverlesscontainers.examples.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.serverlesscontainers.examples.Ran;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.Service;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.Token;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are not there, are slow, are something else, or want a token. */
class OrchestratorAwayTest {
    private static final String SECRET = "correct-horse-battery";
    private static final Duration SHORT = Duration.ofMillis(1_000);

    @TempDir
    private Path directory;

    @Test
    void one_that_is_away_is_named() throws IOException {
        int port;
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Ran ran = Ran.of("ctl", "--orchestrator", "http://me:secret@127.0.0.1:" + port, "rule", "list", "--json");
        String sentence = "the Orchestrator at http://127.0.0.1:" + port + " is away: nobody listens there";
        assertThat(ran.exitCode()).isOne();
        assertThat(ran.err()).isEqualToIgnoringNewLines("list: " + sentence);
        assertThat(ran.out()).isEqualToIgnoringNewLines("{\"error\":\"" + sentence + "\"}");
    }

    @Test
    void one_that_never_answers_is_not_waited_for_for_ever() throws IOException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var orchestrator = new Orchestrator(
                        HttpUrl.get("http://127.0.0.1:" + silent.getLocalPort()), Optional.empty(), SHORT)) {
            assertThatThrownBy(() -> orchestrator.get(List.of("structure")))
                    .isInstanceOf(CtlException.class)
                    .hasMessageEndingWith(" is away: no answer within 1 s");
        }
    }

    @Test
    void other_trouble_has_words_of_its_own() {
        assertThat(Away.reason(new UnknownHostException("host7"), SHORT)).isEqualTo("no host has this name");
        var untrusted = new SSLHandshakeException("PKIX");
        untrusted.initCause(new CertificateException("nobody vouches for it\nand more"));
        assertThat(Away.reason(untrusted, SHORT)).isEqualTo("its certificate is not trusted: nobody vouches for it");
        assertThat(Away.reason(new IOException(), SHORT)).isEqualTo("IOException");
    }

    @Test
    void another_server_is_not_taken_for_one() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            byte[] page = "<html>".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("rule") ? 502 : 200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        other.start();
        try {
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            assertThat(Ran.of("ctl", "rule", "list", "--orchestrator", url).err())
                    .isEqualToIgnoringNewLines("list: " + url + " answers 502 and no JSON, as no Orchestrator does");
            assertThat(Ran.of("ctl", "service", "list", "--orchestrator", url).err())
                    .isEqualToIgnoringNewLines("list: " + url + " answers 200 and no JSON, as no Orchestrator does");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void one_behind_a_path_is_asked_there_and_shown_the_token() throws IOException {
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            String asked = exchange.getRequestURI().getRawPath() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization");
            byte[] answer = ("{\"message\":\"" + asked + "\"}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(400, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        gateway.start();
        try {
            String url = "http://127.0.0.1:" + gateway.getAddress().getPort() + "/installation/";
            Path token = Files.writeString(directory.resolve("token"), SECRET + "\n");
            assertThat(Ran.of("ctl", "rule", "show", "a/b c", "--orchestrator", url, "--token-file", token.toString())
                            .err())
                    .isEqualToIgnoringNewLines("show: /installation/rule/a%2Fb%20c Bearer " + SECRET);
        } finally {
            gateway.stop(0);
        }
    }

    @Test
    void the_token_comes_from_a_file_or_the_environment() throws IOException {
        Listen listen = new Listen(
                InetAddress.getLoopbackAddress(),
                0,
                Optional.of(Token.of(SECRET, "the test")),
                false,
                Optional.empty());
        try (var store = new InMemoryStateStore();
                var hosts = new RemoteHosts(store, HostAccess.plain());
                var server = new OrchestratorServer(store, hosts, listen, 1_000)) {
            String url = server.url().toString();
            Path token = Files.writeString(directory.resolve("token"), SECRET + "\n");
            assertThat(Ran.of("ctl", "--orchestrator", url, "rule", "list").err())
                    .isEqualToIgnoringNewLines("list: a token is needed: Authorization: Bearer TOKEN");
            assertThat(Ran.of("ctl", "--orchestrator", url, "rule", "list", "--token-file", token.toString())
                            .exitCode())
                    .isZero();
            var ctl = new CtlCommand(Map.of("SERVERLESS_CONTAINERS_TOKEN", SECRET), InputStream.nullInputStream());
            assertThat(Ran.of(ctl.with(Service.commandLine(ctl)), "rule", "list", "--orchestrator", url)
                            .exitCode())
                    .isZero();
            Path config = Files.writeString(
                    directory.resolve("ctl.yaml"), "orchestrator: " + url + "\ntoken-file: " + token + "\n");
            assertThat(Ran.of("ctl", "rule", "list", "--config", config.toString())
                            .exitCode())
                    .isZero();
        }
    }
}
