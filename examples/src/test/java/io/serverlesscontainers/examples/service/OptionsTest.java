package io.serverlesscontainers.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.TestKeystore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a service is told on its command line, in its environment and in a file. */
class OptionsTest {
    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter err = new StringWriter();
    private Probe probe;

    @TempDir
    private Path directory;

    @Command(name = "probe")
    private final class Probe implements Callable<Integer> {
        @Mixin
        private ListenOptions listen;

        @Mixin
        private StateOptions state;

        @Mixin
        private HostOptions hosts;

        @Mixin
        private CommonOptions common;

        private Listen result;
        private HostAccess access;

        @Override
        public Integer call() {
            result = listen.listen(8000, environment);
            access = hosts.access();
            return 0;
        }
    }

    private int run(String... arguments) {
        probe = new Probe();
        return Settings.commandLine(probe, environment)
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(err))
                .execute(arguments);
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("options.yaml"), text);
    }

    @Test
    void nobody_else_is_let_in_unless_somebody_says_so() {
        assertThat(run()).isZero();
        assertThat(probe.result).isEqualTo(Listen.loopback(8000));
    }

    @Test
    void another_address_needs_to_be_said_and_a_token() throws Exception {
        assertThat(run("--host", "0.0.0.0")).isEqualTo(2);
        assertThat(err.toString()).contains("--host 0.0.0.0 lets other machines in: --listen must be given too");
        assertThat(run("--listen")).isEqualTo(2);
        assertThat(err.toString()).contains("a token is needed, or --insecure if that is wanted");
        assertThat(run("--listen", "--insecure", "--port", "1")).isZero();
        assertThat(probe.result.address().getHostAddress()).isEqualTo("0.0.0.0");
        assertThat(probe.result.token()).isEmpty();

        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef");
        assertThat(run("--listen", "127.0.0.2", "--token-file", token.toString()))
                .isZero();
        assertThat(probe.result.address().getHostAddress()).isEqualTo("127.0.0.2");
        assertThat(probe.result.token()).isPresent();
        assertThat(run("--listen", "--host", "0.0.0.0", "--token-file", token.toString()))
                .isZero();
        assertThat(run("--listen", "127.0.0.2", "--host", "127.0.0.3")).isEqualTo(2);
        assertThat(err.toString()).contains("--host 127.0.0.3 and --listen 127.0.0.2 are two addresses");
    }

    @Test
    void the_token_may_be_in_the_environment() {
        environment.put("SERVERLESS_CONTAINERS_TOKEN", "0123456789abcdef");
        assertThat(run("--listen")).isZero();
        assertThat(probe.result.token()).isPresent();
        environment.put("SERVERLESS_CONTAINERS_TOKEN", "short");
        assertThat(run("--listen")).isEqualTo(2);
        assertThat(err.toString())
                .contains("SERVERLESS_CONTAINERS_TOKEN holds no token")
                .doesNotContain("short\"");
    }

    @Test
    void the_command_line_goes_before_the_environment_and_that_before_the_file() throws Exception {
        Path file = file("port: 1\nhost: 127.0.0.3\ninsecure: true\ncouchdb: http://couchdb:5984\n");
        environment.put("SERVERLESS_CONTAINERS_CONFIG", file.toString());
        assertThat(run()).isZero();
        assertThat(probe.result.port()).isEqualTo(1);
        assertThat(probe.result.address().getHostAddress()).isEqualTo("127.0.0.3");
        assertThat(probe.result.withoutToken()).isTrue();
        assertThat(probe.state.couchDb()).hasToString("Optional[http://couchdb:5984]");

        environment.put("SERVERLESS_CONTAINERS_PORT", "2");
        assertThat(run()).isZero();
        assertThat(probe.result.port()).isEqualTo(2);
        assertThat(run("--port", "3")).isZero();
        assertThat(probe.result.port()).isEqualTo(3);

        Path other = Files.writeString(directory.resolve("other.yaml"), "host: 127.0.0.4\n");
        assertThat(run("--config", other.toString())).isZero();
        assertThat(probe.result.address().getHostAddress()).isEqualTo("127.0.0.4");
    }

    @Test
    void listening_can_be_said_in_a_file_too() throws Exception {
        assertThat(run("--config", file("listen: 127.0.0.2\ninsecure: true\n").toString()))
                .isZero();
        assertThat(probe.result.address().getHostAddress()).isEqualTo("127.0.0.2");
    }

    @Test
    void a_file_that_cannot_be_is_refused_in_one_sentence() throws Exception {
        for (String text : new String[] {"prot: 1\n", "- 1\n", "port: [1, 2]\n", "port: {\n", "config: x\n"}) {
            assertThat(run("--config", file(text).toString())).as(text).isEqualTo(2);
        }
        assertThat(run("--config", directory.resolve("none").toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("has 'prot', which is no option here")
                .contains("is no list of options such as 'port: 8000'")
                .contains("'port' is no single value")
                .contains("cannot be read");
        assertThat(run("--config", file("").toString())).isZero();
        assertThat(run("--config", file("port: many\n").toString())).isEqualTo(2);
        assertThat(run("--config", file("port: 70000\n").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("the port is 70000, from 0 to 65535 is allowed");
    }

    @Test
    void a_query_asks_for_as_many_series_as_openTsdb_can_answer() {
        assertThat(run()).isZero();
        assertThat(probe.state.openTsdbSeries()).isEqualTo(1_000);
        assertThat(run("--opentsdb-series", "8000")).isZero();
        assertThat(probe.state.openTsdbSeries()).isEqualTo(8_000);
        assertThat(run("--opentsdb-series", "8001")).isEqualTo(2);
        assertThat(err.toString()).contains("--opentsdb-series is 8001, 1 to 8000 are allowed");
    }

    @Test
    void help_tells_of_all_three() {
        assertThat(run("--help")).isZero();
        assertThat(err.toString())
                .contains("--listen", "--token-file", "--insecure", "--keystore", "--couchdb", "--config")
                .contains("SERVERLESS_CONTAINERS_TOKEN_FILE")
                .contains("0   done", "1   failed", "2   wrong usage");
    }

    @Test
    void hosts_are_asked_over_https_where_somebody_vouches_for_them() throws Exception {
        assertThat(run()).isZero();
        assertThat(probe.access.scheme()).isEqualTo("http");
        Path certificate = TestKeystore.in(directory, "host").certificate();
        environment.put("SERVERLESS_CONTAINERS_HOST_CERTIFICATES", certificate.toString());
        assertThat(run()).isZero();
        assertThat(probe.access.scheme()).isEqualTo("https");
        assertThat(probe.access.authorities()).hasSize(1);
    }

    @Test
    void what_is_no_certificate_is_refused() throws Exception {
        for (String text : new String[] {"", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
            assertThat(run("--host-certificates", file(text).toString())).isEqualTo(2);
        }
        assertThat(err.toString())
                .contains("options.yaml holds no certificate")
                .contains("options.yaml holds what is no certificate");
        assertThat(run("--host-certificates", directory.resolve("missing").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("missing cannot be read");
    }
}
