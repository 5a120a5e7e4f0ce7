package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.RecordedAnswers;
import io.serverlesscontainers.examples.service.http.Token;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Container Scaler answers, to the letter. */
class CurlLinesTest {
    private static final String LINES = "container-scaler.txt";
    private static final String REFUSED = "container-scaler-refused.txt";
    // Where a container was looked for is another place in each version.
    private static final Pattern LOOKED_FOR = Pattern.compile("no cgroup .* in \\[.*], and");

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void each_line_is_answered_as_recorded(FixtureTree.Kind kind) throws Exception {
        try (ScalerOnTree scaler = ScalerOnTree.withFourCpus(kind)) {
            new RecordedAnswers(CurlLinesTest.class, LINES)
                    .check(
                            scaler.url(),
                            line -> useMemory(scaler.tree(), line.split(" ")),
                            CurlLinesTest::withoutPlace);
        }
    }

    static String withoutPlace(String answer) {
        return LOOKED_FOR.matcher(answer).replaceAll("no cgroup … in […], and");
    }

    /** One request a second is not many where the machine is busy: then the third in a second comes in the next one. */
    @Test
    void who_may_not_ask_is_told_as_recorded() {
        Awaitility.await().pollDelay(Duration.ZERO).untilAsserted(() -> {
            var token = Token.of("correct-horse-battery", "the test");
            var listen = new Listen(InetAddress.getLoopbackAddress(), 0, Optional.of(token), false, Optional.empty());
            try (ScalerOnTree scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V2, listen, 1)) {
                new RecordedAnswers(CurlLinesTest.class, REFUSED).check(scaler.url(), line -> {}, answer -> answer);
            }
        });
    }

    @Test
    void whatever_can_be_asked_for_and_whatever_can_be_wrong_is_recorded() throws Exception {
        RecordedAnswers.checkCover(
                new Description(ContainerScalerServer.class),
                new RecordedAnswers(CurlLinesTest.class, LINES),
                new RecordedAnswers(CurlLinesTest.class, REFUSED));
    }

    /** {@code memory CONTAINER MiB}. */
    private static void useMemory(FixtureTree tree, String[] words) {
        tree.memory("lxc.payload." + words[1], Long.parseLong(words[2]) << 20, 0);
    }

    @Test
    void the_readme_shows_lines_that_were_recorded() throws Exception {
        assertThat(new RecordedAnswers(CurlLinesTest.class, LINES).checkShownIn(Path.of("README.md"), 8000))
                .isGreaterThan(3);
    }
}
