package io.serverlesscontainers.policy.internal.logic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expressions as people read them. */
class InfixTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'>':[{'var':'cpu.structure.cpu.usage'},{'var':'cpu.limits.cpu.upper'}]} | cpu.structure.cpu.usage > cpu.limits.cpu.upper",
                "{'and':[{'>':[{'var':'a'},1]},{'or':[{'==':[1,2]},true]}]} | a > 1 and (1 == 2 or true)",
                "{'or':[{'and':[1,2]},{'and':[3]}]} | 1 and 2 or and(3)",
                "{'<':[1,{'var':'a'},{'+':[2,3]}]} | 1 < a < 2 + 3",
                "{'===':[{'<':[1,2]},{'!==':[1,2]}]} | (1 < 2) === (1 !== 2)",
                "{'-':[{'-':[1,2]},{'-':[3,4]}]} | 1 - 2 - (3 - 4)",
                "{'+':[1,2,3]} | 1 + 2 + 3",
                "{'+':[{'+':[1,2]},3]} | (1 + 2) + 3",
                "{'*':[{'+':[1,2]},{'/':[1,{'%':[5,3]}]}]} | (1 + 2) * (1 / (5 % 3))",
                "{'/':[{'*':[1,2]},3]} | 1 * 2 / 3",
                "{'-':[{'var':'a'}]} | -a",
                "{'-':[5]} | -(5)",
                "-5 | -5",
                "{'+':['3.14']} | +\"3.14\"",
                "{'!':[{'!':[{'var':'a'}]}]} | !(!a)",
                "{'!!':[{'var':'a'}]} | !!a",
                "{'!':{'>':[1,2]}} | !(1 > 2)",
                "{'if':[true,1,false,2,3]} | if true then 1 else if false then 2 else 3",
                "{'if':[true,1,{'if':[false,2,3]}]} | if true then 1 else (if false then 2 else 3)",
                "{'?:':[{'>':[1,2]},'x']} | if 1 > 2 then \"x\"",
                "{'max':[1,{'if':[1,2]}]} | max(1, if 1 then 2)",
                "{'in':['a',['a','\\'b']]} | `\"a\" in [\"a\", \"'b\"]`",
                "{'some':[[1,2],{'>':[{'var':''},1]}]} | some([1, 2], var(\"\") > 1)",
                "{'var':['a',7]} | var(\"a\", 7)",
                "{'var':'not plain'} | var(\"not plain\")",
                "{'var':'true'} | var(\"true\")",
                "{'var':{'cat':['a','b']}} | var(cat(\"a\", \"b\"))",
                "{'*':[0.1,1e22,90.0]} | 0.1 * 1e+22 * 90",
                "null | null",
                "{'merge':[]} | merge()",
            })
    void an_expression_reads_as_people_write_it(String json, String text) throws JsonProcessingException {
        String document = json.replace("\\'", "\u0000").replace('\'', '"').replace('\u0000', '\'');
        assertThat(read(JSON.readTree(document)).orElseThrow().infix()).isEqualTo(text);
    }

    @Test
    void small_expressions_read_the_same_only_if_they_are_the_same() {
        List<Logic> leaves = List.of(
                new Logic.Literal(1.0),
                new Logic.Literal(-1.0),
                new Logic.Literal("1"),
                new Logic.Variable(new Logic.Literal("a"), Optional.empty()));
        List<Logic> flat = new ArrayList<>(leaves);
        flat.add(new Logic.Sequence(List.of()));
        for (Operator operator : Operator.values()) {
            for (int count = 0; count <= 3; count++) {
                addAll(flat, operator, List.of(leaves.get(0), leaves.get(1), leaves.get(3)), count);
            }
        }
        var byText = new HashMap<String, Logic>();
        flat.forEach(logic -> requireNew(logic, byText));
        for (Operator operator : Operator.values()) {
            for (Logic inner : flat) {
                for (Logic leaf : leaves.subList(1, 4)) {
                    for (List<Logic> operands : List.of(
                            List.of(inner),
                            List.of(inner, leaf),
                            List.of(leaf, inner),
                            List.of(inner, leaf, leaf),
                            List.of(leaf, inner, leaf),
                            List.of(leaf, leaf, inner))) {
                        if (operator.takes(operands.size())) {
                            requireNew(new Logic.Operation(operator, operands), byText);
                        }
                    }
                }
            }
        }
        assertThat(byText).hasSizeGreaterThan(100_000);
    }

    private static void addAll(List<Logic> all, Operator operator, List<Logic> leaves, int count) {
        if (operator.takes(count)) {
            for (int choice = 0; choice < Math.pow(leaves.size(), count); choice++) {
                var operands = new ArrayList<Logic>();
                for (int place = 0, rest = choice; place < count; place++, rest /= leaves.size()) {
                    operands.add(leaves.get(rest % leaves.size()));
                }
                all.add(new Logic.Operation(operator, operands));
            }
        }
    }

    private static void requireNew(Logic logic, Map<String, Logic> byText) {
        Logic other = byText.put(logic.infix(), logic);
        if (other != null && !other.equals(logic)) {
            throw new AssertionError(other + " and " + logic + " both read " + logic.infix());
        }
    }

    @Property(tries = 20_000)
    void two_expressions_read_the_same_only_if_they_are_the_same(
            @ForAll("any") JsonNode one, @ForAll("any") JsonNode other) {
        Optional<Logic> left = read(one);
        Optional<Logic> right = read(other);
        if (left.isPresent() && right.isPresent()) {
            assertThat(left.get().infix().equals(right.get().infix())).isEqualTo(left.equals(right));
        }
    }

    @Provide
    Arbitrary<JsonNode> any() {
        // Small ones are often the same, large ones have more ways to be told apart wrongly.
        return Arbitraries.oneOf(RandomJson.any(), RandomJson.numeric());
    }

    private static Optional<Logic> read(JsonNode json) {
        try {
            return Optional.of(LogicParser.ofAnyData().parse(json, JsonPointer.empty()));
        } catch (LogicException refused) {
            return Optional.empty();
        }
    }
}
