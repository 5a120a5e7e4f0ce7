package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.http.CurlLine;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.Token;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hosts whose Container Scalers want to be shown a token, from the first question on. */
class HostTokenTest {
    private static final String SECRET = "correct-horse-battery";
    static final String HOST = """
            curl -X PUT -d '{"name":"host1","host":"host1","subtype":"host","host_rescaler_ip":"127.0.0.1",\
            "host_rescaler_port":SCALER,"resources":{"cpu":{"max":400,"free":400}}}' http://a/structure/host/host1""";
    static final String CONTAINER = """
            curl -X PUT -d '{"container":{"name":"cont1","subtype":"container","host":"host1",\
            "host_rescaler_ip":"127.0.0.1","host_rescaler_port":SCALER,"resources":{"cpu":{"max":100,"min":20}}},\
            "limits":{"resources":{"cpu":{"boundary":10}}}}' http://a/structure/container/cont1""";

    @Test
    void who_shows_it_may_add_the_host_and_its_containers() throws Exception {
        try (OrchestratorOnTree orchestrator = showing(Optional.of(SECRET))) {
            assertThat(ask(orchestrator, HOST)).isEqualTo("200 201");
            assertThat(ask(orchestrator, CONTAINER)).isEqualTo("200 201");
        }
    }

    @Test
    void who_shows_none_or_another_is_told_so() throws Exception {
        try (OrchestratorOnTree orchestrator = showing(Optional.empty())) {
            var state = orchestrator.state();
            assertThat(ask(orchestrator, HOST))
                    .matches("400 .\"message\":\"the host's Container Scaler at 127.0.0.1:[0-9]+ "
                            + "wants to be shown a token\".");
            assertThat(orchestrator.state()).isEqualTo(state);
        }
        try (OrchestratorOnTree orchestrator = showing(Optional.of("wrong-horse-battery"))) {
            assertThat(ask(orchestrator, HOST)).startsWith("400 ").contains("wants to be shown another token");
        }
    }

    private static OrchestratorOnTree showing(Optional<String> token) {
        var listen = new Listen(
                InetAddress.getLoopbackAddress(),
                0,
                Optional.of(Token.of(SECRET, "the test")),
                false,
                Optional.empty());
        return new OrchestratorOnTree(
                Listen.loopback(0),
                ScalerOnTree.UNLIMITED_RATE,
                ScalerOnTree.withFourCpus(FixtureTree.Kind.V1, listen, ScalerOnTree.UNLIMITED_RATE),
                new HostAccess(token, List.of()));
    }

    static String ask(OrchestratorOnTree orchestrator, String line) throws Exception {
        String port = Integer.toString(orchestrator.scalerPort());
        return new CurlLine(line.replace("SCALER", port)).ask(HttpClient.newHttpClient(), orchestrator.url());
    }
}
