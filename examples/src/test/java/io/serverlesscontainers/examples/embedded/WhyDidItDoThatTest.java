package io.serverlesscontainers.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.core.decision.ExplainedDecision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhyDidItDoThatTest {
    @Test
    void the_readme_shows_what_comes_out() throws Exception {
        List<ExplainedDecision> explained = WhyDidItDoThat.secondWindow();

        assertThat(explained).hasSize(1);
        String readme = Files.readString(Path.of("../README.md"));
        String shown = readme.substring(readme.indexOf("## Why did it do that?"));
        String output = shown.substring(shown.indexOf("```\nweb-1") + 4);
        output = output.substring(0, output.indexOf("\n```"));
        assertThat(output.replaceAll("\\s+", " ")).isEqualTo(explained.get(0).sentence());
    }

    @Test
    void the_json_tells_the_same() throws Exception {
        JsonNode json = new JsonMapper()
                .readTree(WhyDidItDoThat.secondWindow().get(0).toJson().toString());

        assertThat(json.at("/outcome").textValue()).isEqualTo("requested");
        assertThat(json.at("/amount").intValue()).isEqualTo(75);
        assertThat(json.at("/rules")).hasSize(5);
        assertThat(json.at("/rules/0/conditions/0/values").isEmpty()).isFalse();
    }
}
