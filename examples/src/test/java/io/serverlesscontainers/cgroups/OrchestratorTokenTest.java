package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.http.HostileInput;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RawHttp;
import io.serverlesscontainers.examples.service.http.Token;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who asks an Orchestrator from elsewhere and shows no token learns and changes nothing. */
class OrchestratorTokenTest {
    private static final String NOTHING = "{\"message\":\"a token is needed: Authorization: Bearer TOKEN\"}\n";
    private static final List<String> METHODS =
            List.of("GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW");

    private OrchestratorOnTree orchestrator;
    private URI fromElsewhere;

    @BeforeEach
    void begin() throws IOException {
        var token = Token.of("correct-horse-battery", "the test");
        var listen = new Listen(InetAddress.getByName("0.0.0.0"), 0, Optional.of(token), false, Optional.empty());
        orchestrator = new OrchestratorOnTree(listen, ScalerOnTree.UNLIMITED_RATE);
        fromElsewhere = URI.create("http://127.0.0.2:" + orchestrator.url().getPort());
    }

    @AfterEach
    void end() {
        orchestrator.close();
    }

    @Test
    void every_route_and_what_is_none_answers_the_same() throws Exception {
        var paths = new ArrayList<String>(List.of("/", "/x", "/structure/cont7", "/user/..%2Fx"));
        try (InputStream json = OrchestratorServer.class.getResourceAsStream("openapi.json")) {
            JsonNode description = new ObjectMapper().readTree(json);
            description
                    .path("paths")
                    .fieldNames()
                    .forEachRemaining(path -> paths.add(path.replace("{name}", "cont0")
                            .replace("{resource}", "cpu")
                            .replaceAll("\\{.*?}", "x")));
        }
        assertThat(paths).contains("/metrics", "/openapi.json", "/heartbeat", "/structure/cont0/guard");
        var state = orchestrator.state();
        byte[] body = HostileInput.sent("{\"value\":77}");
        try (var http = new RawHttp(fromElsewhere)) {
            for (String path : paths) {
                for (String method : METHODS) {
                    for (String header : List.of("", "Authorization: Bearer wrong-horse-battery\r\n")) {
                        RawHttp.Answer answer =
                                http.send(method, path, header, body).answerTo(method);
                        assertThat(answer.status()).as(method + " " + path).isEqualTo(401);
                        assertThat(answer.body()).isEqualTo(method.equals("HEAD") ? "" : NOTHING);
                        assertThat(answer.headers().keySet())
                                .containsExactlyInAnyOrder("content-length", "content-type", "www-authenticate");
                    }
                }
            }
        }
        assertThat(orchestrator.state()).isEqualTo(state);
    }

    @Test
    void what_is_no_http_learns_no_more() throws Exception {
        for (String path : List.of(
                "/structure/%00",
                "/structure/%zz", "/structure/%2e%2e/x", "/structure/cont0/%ff", "/structure/a//guard")) {
            try (var http = new RawHttp(fromElsewhere)) {
                RawHttp.Answer answer = http.send("GET", path, "", new byte[0]).answer();
                assertThat(answer.status()).isIn(400, 401);
                assertThat(answer.body())
                        .isIn(NOTHING, "{\"message\":\"the request cannot be read as HTTP: Bad Request\"}");
            }
        }
    }
}
