package io.serverlesscontainers.policy.internal.logic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The tree, its text, and the two ways to evaluate it. */
class LogicTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, ToDoubleFunction<double[]>> VARIABLES = Map.of("a", x -> x[0], "b", x -> x[1]);
    private static final LogicParser OF_NUMBERS = new LogicParser(VARIABLES.keySet());
    private static final LogicParser OF_ANYTHING = LogicParser.ofAnyData();

    @Property(tries = 30_000)
    void a_bound_condition_answers_as_the_interpreter(
            @ForAll("numeric") JsonNode json, @ForAll("pairs") double[] numbers) {
        Logic logic = ofNumbers(json);
        var binding = new Binding<>(VARIABLES, new Parameters());
        Outcome interpreted = Outcome.of(binding.interpreted(logic), numbers);
        assertThat(Outcome.of(binding.condition(logic).test(), numbers)).isEqualTo(interpreted);
        if (!logic.mayFail()) {
            assertThat(interpreted.failure()).isNull();
        }
    }

    @Property(tries = 20_000)
    void the_text_of_an_expression_is_read_as_the_same_expression(@ForAll("any") JsonNode json)
            throws JsonProcessingException {
        Optional<Logic> logic = read(json);
        if (logic.isPresent()) {
            Logic again = OF_ANYTHING.parse(JSON.readTree(logic.get().toString()), JsonPointer.empty());
            assertThat(again).isEqualTo(logic.get());
            assertThat(again).hasToString(logic.get().toString());
        }
    }

    @Property(tries = 5_000)
    void texts_are_equal_exactly_if_expressions_are(
            @ForAll("numeric") JsonNode one, @ForAll("numeric") JsonNode other) {
        Logic left = ofNumbers(one);
        Logic right = ofNumbers(other);
        assertThat(left.toString().equals(right.toString())).isEqualTo(left.equals(right));
    }

    @Property(tries = 30_000)
    void whatever_is_read_has_a_value_or_fails_in_a_sentence(
            @ForAll("any") JsonNode json, @ForAll("any") JsonNode data) {
        Optional<Logic> logic = read(json);
        if (logic.isPresent()) {
            try {
                Object value = logic.get().valueFor(JsonValues.of(data));
                assertThat(Coercion.isTrue(value)).isIn(true, false);
            } catch (EvaluationException failure) {
                assertThat(logic.get().mayFail()).isTrue();
                assertThat(failure).hasMessageMatching("division by zero|takes more than .* steps|makes a text .*");
            }
        }
    }

    @Property(tries = 20_000)
    void whatever_is_read_for_numbers_can_be_bound_and_asked(
            @ForAll("any") JsonNode json, @ForAll("pairs") double[] numbers) {
        try {
            Logic logic = OF_NUMBERS.parse(json, JsonPointer.empty());
            var binding = new Binding<>(VARIABLES, new Parameters());
            assertThat(Outcome.of(binding.condition(logic).test(), numbers))
                    .isEqualTo(Outcome.of(binding.interpreted(logic), numbers));
        } catch (LogicException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Example
    void equal_values_of_other_types_have_other_texts() throws JsonProcessingException {
        assertThat(text("{\"==\":[1,true]}")).isNotEqualTo(text("{\"==\":[1,1]}"));
        assertThat(text("{\"==\":[1,\"1\"]}")).isNotEqualTo(text("{\"==\":[1,1]}"));
        assertThat(text("{\"==\":[1,null]}")).isNotEqualTo(text("{\"==\":[1,\"null\"]}"));
        assertThat(text("{\"!\":[[]]}")).isNotEqualTo(text("{\"!\":[]}"));
        assertThat(text("{\"var\":[\"a\",1]}")).isNotEqualTo(text("{\"var\":\"a\"}"));
    }

    @Example
    void the_same_expression_in_another_spelling_has_the_same_text() throws JsonProcessingException {
        assertThat(text("{\"?:\":[1,2,3]}")).isEqualTo(text("{\"if\":[1.0,2,3e0]}"));
        assertThat(text("{\"!\":true}")).isEqualTo(text("{\"!\":[true]}"));
        assertThat(text("{\"var\":[\"a\"]}")).isEqualTo(text("{\"var\":\"\\u0061\"}"));
        assertThat(text("[0,{\"x\":1,\"y\":2}]")).isEqualTo(text("[-0.0,{\"y\":2,\"x\":1}]"));
    }

    @Example
    void a_single_operand_needs_no_brackets() throws JsonProcessingException {
        assertThat(condition("{\"!\":false}").test(new double[2])).isTrue();
        assertThat(condition("{\"==\":[{\"-\":\"7.5\"},-7.5]}").test(new double[2]))
                .isTrue();
    }

    @Example
    void a_condition_on_numbers_is_not_interpreted() throws JsonProcessingException {
        var binding = new Binding<>(VARIABLES, new Parameters());
        for (String numeric : new String[] {
            "{\"and\":[{\">\":[{\"var\":\"a\"},\"90\"]},{\"<\":[0,{\"var\":\"b\"},{\"%\":[{\"var\":\"a\"},7]}]}]}",
            "{\"or\":[{\"!\":{\"var\":\"a\"}},{\"var\":\"b\"}]}",
            "{\">\":[{\"max\":[{\"var\":\"a\"},{\"if\":[{\"var\":\"b\"},1,2]}]},{\"+\":[\"1\",{\"var\":\"b\"}]}]}"
        }) {
            assertThat(binding.kindOf(parse(numeric)).canBeTested()).isTrue();
        }
        assertThat(binding.kindOf(parse("{\"in\":[{\"var\":\"a\"},[1,2]]}"))).isEqualTo(Binding.Kind.OTHER);
        assertThat(condition("{\"in\":[{\"var\":\"a\"},[1,2]]}").test(new double[] {2, 0}))
                .isTrue();
    }

    @Example
    void a_long_row_of_conditions_stays_one() throws JsonProcessingException {
        assertThat(parse("{\"and\":[1,2,3]}").conjuncts()).hasSize(3);
        assertThat(parse("{\"and\":[1" + ",1".repeat(1_000) + "]}").conjuncts()).hasSize(1);
    }

    @Provide
    Arbitrary<double[]> pairs() {
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.of(0.0, 1.0, -1.0, 2.0), Arbitraries.doubles().between(-1e6, 1e6));
        return numbers.array(double[].class).ofSize(2);
    }

    @Provide
    Arbitrary<JsonNode> numeric() {
        return RandomJson.numeric();
    }

    @Provide
    Arbitrary<JsonNode> any() {
        return RandomJson.any();
    }

    /** What came of a condition: whether it holds, or why it has no answer. */
    private record Outcome(boolean holds, String failure) {
        static <F> Outcome of(Predicate<F> condition, F fact) {
            try {
                return new Outcome(condition.test(fact), null);
            } catch (EvaluationException failure) {
                return new Outcome(false, failure.getMessage());
            }
        }
    }

    private static Optional<Logic> read(JsonNode json) {
        try {
            return Optional.of(OF_ANYTHING.parse(json, JsonPointer.empty()));
        } catch (LogicException refused) {
            return Optional.empty();
        }
    }

    /** An expression that is bound, but may hold what a parser for conditions refuses: a text that is no number. */
    private static Logic ofNumbers(JsonNode json) {
        try {
            return OF_NUMBERS.parse(json, JsonPointer.empty());
        } catch (LogicException refused) {
            assertThat(refused).hasMessageMatching(".* is '(2nd)?', a number is needed");
            return OF_ANYTHING.parse(json, JsonPointer.empty());
        }
    }

    private static Logic parse(String json) throws JsonProcessingException {
        return OF_NUMBERS.parse(JSON.readTree(json), JsonPointer.empty());
    }

    private static Predicate<double[]> condition(String json) throws JsonProcessingException {
        return parse(json).bind(VARIABLES);
    }

    private static String text(String json) throws JsonProcessingException {
        return OF_ANYTHING.parse(JSON.readTree(json), JsonPointer.empty()).toString();
    }
}
