package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.service.http.RecordedAnswers;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Container Scaler answers, to the letter. */
class CurlLinesTest {
    private static final String LINES = "container-scaler.txt";
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
                            answer -> LOOKED_FOR.matcher(answer).replaceAll("no cgroup … in […], and"));
        }
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
