package io.serverlesscontainers.core.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleExplanationTest {
    private static final ConditionExplanation ABOVE =
            ConditionExplanation.of("usage > upper", inOrder("usage", 95.25, "upper", 90), true);
    private static final ConditionExplanation ROOM =
            ConditionExplanation.of("upper < max", inOrder("upper", 90, "max", 90), false);
    private static final ConditionExplanation NO_VALUE =
            ConditionExplanation.failed("1 / min > 2", Map.of("min", 0.0), "division by zero");

    @Test
    void a_rule_holds_if_all_its_conditions_do() {
        assertThat(rule(ABOVE).held()).isTrue();
        assertThat(rule(ABOVE, ROOM).held()).isFalse();
        assertThat(rule(NO_VALUE, ABOVE).held()).isFalse();
        assertThat(rule().held()).isTrue();
    }

    @Test
    void the_sentence_names_every_condition_and_every_number_once() {
        assertThat(rule(ABOVE).sentence())
                .isEqualTo("rule 'exceeded upper' holds: usage > upper is true (usage 95.25, upper 90)");
        assertThat(rule(ABOVE, ROOM, NO_VALUE).sentence())
                .isEqualTo("rule 'exceeded upper' does not hold: usage > upper is true, upper < max is false,"
                        + " 1 / min > 2 failed: division by zero (usage 95.25, upper 90, max 90, min 0)");
        assertThat(rule().sentence()).isEqualTo("rule 'exceeded upper' holds");
        assertThat(ROOM.sentence()).isEqualTo("upper < max is false (upper 90, max 90)");
    }

    @Test
    void the_json_has_whole_numbers_as_such() {
        assertThat(rule(ABOVE, NO_VALUE).toJson()).hasToString("""
                        {"rule":"exceeded upper","resource":"mem","generates":"events","held":false,"conditions":[\
                        {"condition":"usage > upper","held":true,"values":{"usage":95.25,"upper":90}},\
                        {"condition":"1 / min > 2","held":false,"values":{"min":0},"failure":"division by zero"}]}""");
    }

    @ParameterizedTest
    @CsvSource({
        "90, 90",
        "-0.0, 0",
        "85.33333333333333, 85.333",
        "90.0000001, 90.0000001",
        "0.0004, 4.0E-4",
        "0.1, 0.1",
        "1e300, 1.0E300",
        "NaN, NaN",
    })
    void a_number_is_shortened_but_never_to_another_whole_one(double number, String shown) {
        assertThat(ConditionExplanation.of("x", Map.of("x", number), true).sentence())
                .isEqualTo("x is true (x " + shown + ")");
    }

    @Test
    void no_condition_holds_that_failed() {
        assertThatThrownBy(() -> new ConditionExplanation("a > b", Map.of(), true, Optional.of("no a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("condition 'a > b' held and failed");
    }

    private static RuleExplanation rule(ConditionExplanation... conditions) {
        return new RuleExplanation("exceeded upper", Resource.MEMORY, Rule.Generates.EVENTS, List.of(conditions));
    }

    private static Map<String, Double> inOrder(String one, double first, String other, double second) {
        var values = new LinkedHashMap<String, Double>();
        values.put(one, first);
        values.put(other, second);
        return values;
    }
}
