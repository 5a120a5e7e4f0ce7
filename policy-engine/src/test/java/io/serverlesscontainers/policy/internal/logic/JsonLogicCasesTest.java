package io.serverlesscontainers.policy.internal.logic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The language case by case, as {@code json-logic-cases.json} lists them: rule, data, value. */
class JsonLogicCasesTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest(name = "{0}: {1} of {2} is {3}")
    @MethodSource("cases")
    void a_rule_has_the_value_that_the_language_gives_it(String about, JsonNode rule, JsonNode data, JsonNode value) {
        Logic logic = LogicParser.ofAnyData().parse(rule, JsonPointer.empty());
        assertThat(logic.valueFor(JsonValues.of(data))).isEqualTo(JsonValues.of(value));
    }

    @Test
    void every_operator_has_a_case() throws IOException {
        String all = cases().stream()
                .map(it -> List.of(it.get()).toString())
                .toList()
                .toString();
        for (String symbol : Operator.ALL_SYMBOLS.split(" ")) {
            assertThat(all).contains("{\"" + symbol + "\":");
        }
        assertThat(cases()).hasSizeGreaterThan(400);
    }

    static List<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        String about = "";
        try (var json = JsonLogicCasesTest.class.getResourceAsStream("json-logic-cases.json")) {
            for (JsonNode line : JSON.readTree(json)) {
                if (line.isTextual()) {
                    about = line.textValue();
                } else {
                    cases.add(Arguments.of(about, line.get(0), line.get(1), line.get(2)));
                }
            }
        }
        return cases;
    }
}
