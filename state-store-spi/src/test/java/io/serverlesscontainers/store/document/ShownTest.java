package io.serverlesscontainers.store.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShownTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':[1,2.5,{}],'b':null} | {\"a\":[1,2.5,{}],\"b\":null}",
                "[[],[[true]],'x']         | [[],[[true]],\"x\"]",
                "'a\\nb'                   | \"a\\nb\"",
                "1e400                     | \"Infinity\"",
            })
    void a_short_value_is_shown_as_it_is(String json, String shown) {
        assertThat(Shown.of(Trees.json(json))).isEqualTo(shown);
    }

    @Test
    void no_value_is_missing_and_what_cannot_be_written_is_no_json() {
        assertThat(Shown.of((JsonNode) null)).isEqualTo("missing");
        assertThat(Shown.of(MissingNode.getInstance())).isEqualTo("missing");
        assertThat(Shown.of(JSON.arrayNode().add(new byte[1_000_000]))).isEqualTo("[no JSON]");
        assertThat(Shown.of(JSON.pojoNode(new Object()))).isEqualTo("no JSON");
    }

    @Test
    void what_is_long_is_cut() {
        String megabyte = "x".repeat(1_000_000);
        assertThat(Shown.of(megabyte)).isEqualTo("x".repeat(60) + "…");
        assertThat(Shown.of(JSON.textNode(megabyte))).isEqualTo("\"" + "x".repeat(59) + "…");
        assertThat(Shown.of(JSON.objectNode().put(megabyte, 1)))
                .startsWith("{\"xxx")
                .hasSize(61);
        assertThat(Shown.of(JsonPointer.empty().appendProperty(megabyte).appendProperty("b")))
                .isEqualTo("/" + "x".repeat(40) + "…/b");
        assertThat(Shown.of(JsonPointer.compile("/a".repeat(1_000)))).isEqualTo("/a".repeat(105) + "…");
        assertThat(Shown.named("rule", megabyte)).isEqualTo("rule '" + "x".repeat(80) + "…'");
    }

    @Test
    void what_is_deep_is_cut() {
        JsonNode arrays = JSON.arrayNode();
        JsonNode objects = JSON.objectNode();
        for (int i = 0; i < 100_000; i++) {
            arrays = JSON.arrayNode().add(arrays);
            objects = JSON.objectNode().set("", objects);
        }
        assertThat(Shown.of(arrays)).isEqualTo("[".repeat(60) + "…");
        assertThat(Shown.of(objects)).startsWith("{\"\":{\"\":").hasSize(61);
    }

    @Test
    void what_breaks_or_turns_a_line_is_escaped() {
        assertThat(Shown.named("rule", "a\nb\u0000\u2028\u202e\ud800é😀"))
                .isEqualTo("rule 'a\\u000ab\\u0000\\u2028\\u202e\\ud800é😀'");
    }

    @Property
    void every_text_is_one_line(@ForAll @StringLength(max = 300) String text) {
        assertThat(Shown.of(text)).hasSizeLessThanOrEqualTo(61).doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028]");
        assertThat(Shown.of(JSON.textNode(text)))
                .hasSizeLessThanOrEqualTo(61)
                .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028]");
    }
}
