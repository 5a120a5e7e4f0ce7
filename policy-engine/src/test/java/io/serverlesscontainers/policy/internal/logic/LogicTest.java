package io.serverlesscontainers.policy.internal.logic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Expressions mean what a direct walk over their JSON says. */
class LogicTest {
    private static final Map<String, ToDoubleFunction<double[]>> VARIABLES = Map.of("a", x -> x[0], "b", x -> x[1]);
    private static final LogicParser PARSER = new LogicParser(VARIABLES.keySet());

    @Property(tries = 20_000)
    void an_expression_has_the_value_of_its_json(@ForAll("expressions") JsonNode json, @ForAll("pairs") double[] ab) {
        ToDoubleFunction<double[]> function = parse(json).bind(VARIABLES);
        Double expected = value(json, ab);
        if (expected == null) {
            assertThat(parse(json).mayFail()).isTrue();
            return;
        }
        assertThat(function.applyAsDouble(ab)).isEqualTo(expected);
    }

    @Property(tries = 5_000)
    void the_text_of_an_expression_is_read_as_the_same_expression(@ForAll("expressions") JsonNode json)
            throws JsonProcessingException {
        Logic logic = parse(json);
        Logic again = parse(new JsonMapper().readTree(logic.toString()));
        assertThat(again).isEqualTo(logic);
        assertThat(again).hasToString(logic.toString());
    }

    @Property(tries = 5_000)
    void texts_are_equal_exactly_if_expressions_are(
            @ForAll("expressions") JsonNode one, @ForAll("expressions") JsonNode other) {
        assertThat(parse(one).toString().equals(parse(other).toString()))
                .isEqualTo(parse(one).equals(parse(other)));
    }

    @Example
    void a_single_operand_needs_no_brackets() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertThat(parse(json.objectNode().put("!", false)).bind(VARIABLES).applyAsDouble(new double[2]))
                .isEqualTo(1);
        assertThat(parse(json.objectNode().put("-", "7.5")).bind(VARIABLES).applyAsDouble(new double[2]))
                .isEqualTo(-7.5);
    }

    @Provide
    Arbitrary<double[]> pairs() {
        Arbitrary<Double> numbers = Arbitraries.oneOf(
                Arbitraries.of(0.0, 1.0, -1.0, 2.0), Arbitraries.doubles().between(-1e6, 1e6));
        return numbers.array(double[].class).ofSize(2);
    }

    @Provide
    Arbitrary<JsonNode> expressions() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.integers().between(-2, 2).map(json::numberNode),
                Arbitraries.doubles().between(-10, 10).map(json::numberNode),
                Arbitraries.of(true, false).map(json::booleanNode),
                Arbitraries.of("0", "1", "-2.5").map(json::textNode),
                Arbitraries.of("a", "b").map(name -> json.objectNode().put("var", name)));
        return Arbitraries.recursive(() -> leaves, LogicTest::operation, 0, 3).withoutEdgeCases();
    }

    private static Arbitrary<JsonNode> operation(Arbitrary<JsonNode> operands) {
        return Arbitraries.of(
                        Tuple.of("and", 3),
                        Tuple.of("or", 3),
                        Tuple.of("!", 1),
                        Tuple.of("==", 2),
                        Tuple.of("!=", 2),
                        Tuple.of("<", 2),
                        Tuple.of("<", 3),
                        Tuple.of("<=", 2),
                        Tuple.of("<=", 3),
                        Tuple.of(">", 2),
                        Tuple.of(">=", 2),
                        Tuple.of("+", 3),
                        Tuple.of("-", 1),
                        Tuple.of("-", 2),
                        Tuple.of("*", 2),
                        Tuple.of("/", 2))
                .flatMap(operator -> operands.list().ofSize(operator.get2()).map(list -> {
                    ObjectNode node = JsonNodeFactory.instance.objectNode();
                    node.putArray(operator.get1()).addAll(list);
                    return node;
                }));
    }

    private static Logic parse(JsonNode json) {
        return PARSER.parse(json, JsonPointer.empty());
    }

    /** The value by a walk over the JSON; null where a division by zero is met. */
    private static Double value(JsonNode json, double[] ab) {
        if (!json.isObject()) {
            return json.isBoolean() ? (json.booleanValue() ? 1.0 : 0.0) : Double.valueOf(json.asText());
        }
        Map.Entry<String, JsonNode> only = json.properties().iterator().next();
        if (only.getKey().equals("var")) {
            return only.getValue().textValue().equals("a") ? ab[0] : ab[1];
        }
        List<Double> values = new ArrayList<>();
        for (JsonNode operand : only.getValue()) {
            Double value = value(operand, ab);
            if (value == null) {
                return null;
            }
            values.add(value);
            boolean isTrue = value != 0 && !value.isNaN();
            if (only.getKey().equals(isTrue ? "or" : "and")) {
                return value;
            }
        }
        double first = values.get(0);
        double last = values.get(values.size() - 1);
        boolean between = values.size() == 3;
        return switch (only.getKey()) {
            case "and", "or" -> last;
            case "!" -> first != 0 && !Double.isNaN(first) ? 0.0 : 1.0;
            case "==" -> first == last ? 1.0 : 0.0;
            case "!=" -> first != last ? 1.0 : 0.0;
            case "<" -> (between ? first < values.get(1) && values.get(1) < last : first < last) ? 1.0 : 0.0;
            case "<=" -> (between ? first <= values.get(1) && values.get(1) <= last : first <= last) ? 1.0 : 0.0;
            case ">" -> first > last ? 1.0 : 0.0;
            case ">=" -> first >= last ? 1.0 : 0.0;
            case "+" -> values.stream().mapToDouble(Double::doubleValue).reduce(0, Double::sum);
            case "-" -> values.size() == 1 ? -first : first - last;
            case "*" -> first * last;
            case "/" -> last == 0 ? null : (Double) (first / last);
            default -> throw new AssertionError(only.getKey());
        };
    }
}
