package io.serverlesscontainers.policy.internal.logic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** Random JSON that is, or looks like, JSON logic. */
final class RandomJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> SYMBOLS = List.of((Operator.ALL_SYMBOLS + " nonsense").split(" "));

    private RandomJson() {}

    /** Expressions over the variables a and b that compute with numbers and truth values only. */
    static Arbitrary<JsonNode> numeric() {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.integers().between(-2, 2).map(JSON::numberNode),
                Arbitraries.doubles().between(-10, 10).map(JSON::numberNode),
                Arbitraries.of(true, false).map(JSON::booleanNode),
                Arbitraries.of("0", "1", "-2.5", "2nd", "").map(JSON::textNode),
                Arbitraries.of("a", "b").map(name -> JSON.objectNode().put("var", name)));
        return Arbitraries.recursive(() -> leaves, RandomJson::numericOperation, 0, 3)
                .withoutEdgeCases();
    }

    private static Arbitrary<JsonNode> numericOperation(Arbitrary<JsonNode> operands) {
        return Arbitraries.of(
                        Tuple.of("and", 2),
                        Tuple.of("and", 3),
                        Tuple.of("or", 2),
                        Tuple.of("or", 3),
                        Tuple.of("if", 3),
                        Tuple.of("if", 5),
                        Tuple.of("!", 1),
                        Tuple.of("!!", 1),
                        Tuple.of("==", 2),
                        Tuple.of("!=", 2),
                        Tuple.of("===", 2),
                        Tuple.of("!==", 2),
                        Tuple.of("<", 2),
                        Tuple.of("<", 3),
                        Tuple.of("<=", 2),
                        Tuple.of("<=", 3),
                        Tuple.of(">", 2),
                        Tuple.of(">=", 2),
                        Tuple.of("+", 1),
                        Tuple.of("+", 2),
                        Tuple.of("+", 3),
                        Tuple.of("-", 1),
                        Tuple.of("-", 2),
                        Tuple.of("*", 1),
                        Tuple.of("*", 2),
                        Tuple.of("/", 2),
                        Tuple.of("%", 2),
                        Tuple.of("max", 3),
                        Tuple.of("min", 2),
                        Tuple.of("log", 1))
                .flatMap(operator -> operation(operands, operator.get1(), operator.get2()));
    }

    /** Anything: every operator with any number of operands of any kind. */
    static Arbitrary<JsonNode> any() {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.integers().between(-3, 3).map(JSON::numberNode),
                Arbitraries.of(1e300, -0.0, 0.1, 1e-7, 1e22).map(JSON::numberNode),
                Arbitraries.of(true, false).map(JSON::booleanNode),
                Arbitraries.of("", "0", "a", "b.0", "c.length", "current", "accumulator", "x", " 7 ")
                        .map(JSON::textNode),
                Arbitraries.of(0).map(any -> JSON.nullNode()),
                Arbitraries.of(0).map(any -> JSON.arrayNode()),
                Arbitraries.of(0).map(any -> JSON.objectNode()),
                Arbitraries.of("", "a", "b", "b.0", "c", "current", "accumulator")
                        .map(name -> JSON.objectNode().put("var", name)));
        return Arbitraries.recursive(
                        () -> leaves,
                        inner -> Arbitraries.frequencyOf(
                                Tuple.of(1, inner.list().ofMaxSize(4).map(RandomJson::array)),
                                Tuple.of(
                                        1,
                                        Arbitraries.of(SYMBOLS)
                                                .flatMap(symbol -> inner.map(operand ->
                                                        JSON.objectNode().set(symbol, operand)))),
                                Tuple.of(
                                        8,
                                        Arbitraries.of(SYMBOLS)
                                                .flatMap(symbol -> Arbitraries.integers()
                                                        .between(1, 3)
                                                        .flatMap(count -> operation(inner, symbol, count))))),
                        0,
                        4)
                .withoutEdgeCases();
    }

    private static Arbitrary<JsonNode> operation(Arbitrary<JsonNode> operands, String symbol, int count) {
        return operands.list().ofSize(count).map(list -> {
            ObjectNode node = JSON.objectNode();
            node.set(symbol, array(list));
            return node;
        });
    }

    private static JsonNode array(List<JsonNode> elements) {
        return JSON.arrayNode().addAll(elements);
    }
}
