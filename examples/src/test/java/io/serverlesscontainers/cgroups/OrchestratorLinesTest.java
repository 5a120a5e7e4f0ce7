package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RecordedAnswers;
import io.serverlesscontainers.examples.service.http.Token;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What an Orchestrator answers, to the letter; the containers are those of a real Container Scaler. */
class OrchestratorLinesTest {
    private static final String LINES = "orchestrator.txt";
    private static final String REFUSED = "orchestrator-refused.txt";

    private static RecordedAnswers recorded(String name) throws Exception {
        return new RecordedAnswers(OrchestratorServer.class, name);
    }

    @Test
    void each_line_is_answered_as_recorded() throws Exception {
        try (var orchestrator = new OrchestratorOnTree()) {
            orchestrator.scaler().tree().container("lxc.payload.cont2");
            String port = Integer.toString(orchestrator.scalerPort());
            recorded(LINES)
                    .check(
                            orchestrator.url(),
                            line -> happens(orchestrator, line),
                            line -> line.replace("SCALER", port),
                            answer -> CurlLinesTest.withoutPlace(answer.replaceAll("\\b" + port + "\\b", "SCALER")));
        }
    }

    private static void happens(OrchestratorOnTree orchestrator, String line) {
        switch (line) {
            case "systemctl stop container-scaler" -> orchestrator.scaler().end();
            case "systemctl stop couchdb" -> orchestrator.store().close();
            default -> throw new IllegalArgumentException(line);
        }
    }

    /** One request a second is not many where the machine is busy: then the third in a second comes in the next one. */
    @Test
    void who_may_not_ask_is_told_as_recorded() {
        Awaitility.await().pollDelay(Duration.ZERO).untilAsserted(() -> {
            var token = Token.of("correct-horse-battery", "the test");
            var listen = new Listen(InetAddress.getLoopbackAddress(), 0, Optional.of(token), false, Optional.empty());
            try (var orchestrator = new OrchestratorOnTree(listen, 1)) {
                recorded(REFUSED).check(orchestrator.url(), line -> {}, answer -> answer);
            }
        });
    }

    @Test
    void whatever_can_be_asked_for_and_whatever_can_be_wrong_is_recorded() throws Exception {
        RecordedAnswers.checkCover(new Description(OrchestratorServer.class), recorded(LINES), recorded(REFUSED));
    }

    @Test
    void the_readme_shows_lines_that_were_recorded() throws Exception {
        assertThat(recorded(LINES).checkShownIn(Path.of("README.md"), 5000)).isGreaterThan(2);
    }
}
