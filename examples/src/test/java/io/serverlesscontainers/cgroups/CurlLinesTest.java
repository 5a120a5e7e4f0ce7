package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The documented lines, each with the answer that somebody has read and found right: {@code curl-lines.txt}. What the test
 * got is in {@code target/curl-lines.txt}, to be read again after a change.
 */
class CurlLinesTest {
    // Where a container was looked for is another place in each version.
    private static final Pattern LOOKED_FOR = Pattern.compile("no cgroup .* in \\[.*], and");
    private static final String MORE = "…";

    @ParameterizedTest
    @EnumSource(names = {"V1", "V2"})
    void each_line_is_answered_as_recorded(FixtureTree.Kind kind) throws Exception {
        List<String> recorded = recorded();
        var got = new ArrayList<String>();
        try (ScalerOnTree scaler = ScalerOnTree.withFourCpus(kind)) {
            HttpClient client = HttpClient.newHttpClient();
            String expected = "";
            for (String line : recorded) {
                if (line.startsWith("$ memory ")) {
                    String[] words = line.split(" ");
                    scaler.tree().memory("lxc.payload." + words[2], Long.parseLong(words[3]) << 20, 0);
                }
                if (line.startsWith("$ curl ")) {
                    got.add(line);
                    got.add(new CurlLine(line.substring(2))
                            .ask(client, scaler.url())
                            .transform(it -> LOOKED_FOR.matcher(it).replaceAll("no cgroup … in […], and")));
                } else if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                    expected = line;
                    int last = got.size() - 1;
                    if (expected.endsWith(MORE)
                            && got.get(last).startsWith(expected.substring(0, expected.length() - 1))) {
                        got.set(last, expected);
                    }
                } else {
                    got.add(line);
                }
            }
        }
        Files.write(Path.of("target/curl-lines.txt"), got);
        assertThat(String.join("\n", got)).isEqualTo(String.join("\n", recorded));
    }

    /** What a reader is told in the README has been asked and answered here. */
    @Test
    void the_readme_shows_lines_that_were_recorded() throws Exception {
        List<String> recorded = recorded();
        List<String> readme = Files.readAllLines(Path.of("README.md"));
        int found = 0;
        for (int i = 0; i < readme.size(); i++) {
            if (readme.get(i).startsWith("$ curl ") && readme.get(i).contains(":8000/")) {
                int line = recorded.indexOf(readme.get(i));
                assertThat(line).as(readme.get(i)).isNotNegative();
                assertThat(recorded.get(line + 1)).as(readme.get(i)).endsWith(" " + readme.get(i + 1));
                found++;
            }
        }
        assertThat(found).isGreaterThan(3);
    }

    private static List<String> recorded() throws IOException {
        try (InputStream lines = CurlLinesTest.class.getResourceAsStream("curl-lines.txt")) {
            return new String(lines.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
