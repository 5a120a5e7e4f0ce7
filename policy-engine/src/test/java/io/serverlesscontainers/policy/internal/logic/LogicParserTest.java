package io.serverlesscontainers.policy.internal.logic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused and where, and what a hostile expression can do: nothing. */
@Timeout(20)
class LogicParserTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final LogicParser PARSER = new LogicParser(Set.of("cpu.usage", "cpu.max"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'and':[true,{'frob':1}]} | /and/1/frob has the unknown operator 'frob'",
                "{'map':[[1],{'frob':1}]} | /map/1/frob has the unknown operator 'frob'",
                "{'==':[1]} | /== has 1 operands, 2 are needed",
                "{'>':[3,2,1]} | /> has 3 operands, 2 are needed",
                "{'<':[1,2,3,4]} | /< has 4 operands, 2 or 3 are needed",
                "{'!':[1,2]} | /! has 2 operands, 0 or 1 are needed",
                "{'*':[]} | /* has 0 operands, 1 or more are needed",
                "{'max':[]} | /max has 0 operands, 1 or more are needed",
                "{'map':[[1]]} | /map has 1 operands, 2 are needed",
                "{'reduce':[1,2,3,4]} | /reduce has 4 operands, 2 or 3 are needed",
                "{'missing_some':[1]} | /missing_some has 1 operands, 2 are needed",
                "{'log':[]} | /log has 0 operands, 1 is needed",
                "{'var':['cpu.usage',1,2]} | /var has 3 operands, a name and a default are allowed",
                "{'<':[{'var':'mem.usage'},1]} | /</0/var is the unknown variable \"mem.usage\", one of cpu.max, cpu.usage is needed",
                "{'<':[{'var':['mem.usage',5]},1]} | /</0/var is the unknown variable \"mem.usage\"",
                "{'var':''} | /var is the unknown variable \"\"",
                "{'var':[]} | /var is the unknown variable []",
                "{'var':'cpu'} | /var is the unknown variable \"cpu\"",
                "{'var':{'cat':['cpu.','max']}} | /var is the unknown variable {\"cat\":[\"cpu.\",\"max\"]}",
                "{'some':[[{'var':'x'}],true]} | /some/0/0/var is the unknown variable \"x\"",
                "{'reduce':[[1],{'var':'cpu.usage'},0]} | /reduce/1/var is the unknown variable \"cpu.usage\", one of accumulator, current is needed",
                "{'reduce':[[1],{'var':'current'},{'var':'current'}]} | /reduce/2/var is the unknown variable \"current\"",
                "{'in':[1,{'if':1,'var':2}]} | /in/1 is {\"if\":1,\"var\":2}, a value or one operator",
                "{'>':[{'var':'cpu.usage'},'abc']} | />/1 is 'abc', a number is needed",
                "{'<':[1,'5 %',9]} | /</1 is '5 %', a number is needed",
                "{'<=':['abc',{'+':[1,2]}]} | /<=/0 is 'abc', a number is needed",
                "{'+':[{'var':'cpu.usage'},'abc']} | /+/1 is 'abc', a number is needed",
                "{'-':'abc'} | /- is 'abc', a number is needed",
                "{'in':[1,[1e999]]} | /in/1/0 is \"Infinity\", a finite number is needed",
                "{'a':1,'b':2} |  is {\"a\":1,\"b\":2}, a value or one operator",
            })
    void a_wrong_expression_is_refused_at_its_place(String expression, String beginning) {
        assertThatThrownBy(() -> parse(expression.replace('\'', '"')))
                .isInstanceOf(LogicException.class)
                .message()
                .startsWith(beginning.startsWith("is") ? " " + beginning : beginning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'map':[[1],{'var':'anything'}]}",
                "{'filter':[[1],{'<':[{'var':''},{'var':'a.b'}]}]}",
                "{'all':[[1],{'var':{'cat':['x','y']}}]}",
                "{'reduce':[[1],{'+':[{'var':'current.a'},{'var':'accumulator'}]},{'var':'cpu.max'}]}",
                "{'reduce':[[1],{'map':[[2],{'var':'x'}]}]}",
                "{'missing':['cpu.usage','nothing']}",
                "{'>':[{'var':'cpu.usage'},' 9e1 ']}",
                "{'+':[{'var':'cpu.usage'},'5 %']}",
                "{'<':['a','b']}",
                "{'<':[{'var':'cpu.usage'},'']}",
                "{'==':[{'var':'cpu.usage'},'abc']}",
                "{'filter':[['a','b'],{'>':[{'var':'cpu.usage'},'a']}]}",
                "{'var':['cpu.max',{'var':'cpu.usage'}]}",
                "{'in':[{'var':'cpu.max'},[{'x':1,'y':2}]]}",
            })
    void a_right_one_is_read(String expression) throws JsonProcessingException {
        assertThat(parse(expression.replace('\'', '"')).toString()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "nonsense", "var"})
    void operators_nested_ten_thousand_deep_are_refused(String symbol) {
        JsonNode deep = JsonNodeFactory.instance.numberNode(1);
        for (int i = 0; i < 10_000; i++) {
            deep = JsonNodeFactory.instance.objectNode().set(symbol, deep);
        }
        JsonNode expression = deep;
        assertThatThrownBy(() -> LogicParser.ofAnyData().parse(expression, JsonPointer.compile("/rule")))
                .isInstanceOf(LogicException.class)
                .message()
                .startsWith("/rule/" + symbol)
                .hasSizeLessThan(2_000);
        assertThatThrownBy(() -> PARSER.parse(expression, JsonPointer.compile("/rule")))
                .isInstanceOf(LogicException.class);
    }

    @Test
    void data_nested_ten_thousand_deep_are_refused() {
        JsonNode arrays = JsonNodeFactory.instance.arrayNode();
        JsonNode objects = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < 10_000; i++) {
            arrays = JsonNodeFactory.instance.arrayNode().add(arrays);
            objects = JsonNodeFactory.instance.objectNode().put("x", 1).set("y", objects);
        }
        for (JsonNode deep : new JsonNode[] {arrays, objects}) {
            assertThatThrownBy(() ->
                            PARSER.parse(JsonNodeFactory.instance.objectNode().set("!!", deep), JsonPointer.empty()))
                    .isInstanceOf(LogicException.class);
            assertThatThrownBy(() -> LogicParser.ofAnyData().parse(deep, JsonPointer.empty()))
                    .isInstanceOf(LogicException.class)
                    .hasMessageEndingWith("is nested deeper than 100 levels");
        }
    }

    @Test
    void a_hundred_levels_are_read_and_evaluated() throws JsonProcessingException {
        Logic logic = parse("{\"!\":[".repeat(99) + "true" + "]}".repeat(99));
        assertThat(logic.valueFor(null)).isEqualTo(false);
    }

    @Test
    void a_megabyte_is_refused_or_read_at_once() throws JsonProcessingException {
        String many = "{\"and\":[true" + ",true".repeat(200_000) + "]}";
        JsonNode strange = JsonNodeFactory.instance.objectNode().put("x".repeat(1_000_000), 1);
        String text = "{\"in\":[\"" + "a".repeat(500_000) + "b\",\"" + "a".repeat(1_000_000) + "\"]}";
        assertThat(Duration.ofSeconds(2)).isGreaterThan(time(() -> {
            assertThatThrownBy(() -> parse(many))
                    .hasMessage("/and/4999 is one part too many, an expression of at most 5000 is needed");
            assertThatThrownBy(() -> PARSER.parse(strange, JsonPointer.empty()))
                    .message()
                    .hasSizeLessThan(2_000)
                    .contains("operator 'xxxxx");
            Logic comparing = parse(text);
            assertThatThrownBy(() -> comparing.valueFor(null)).hasMessage("takes more than 250000 steps");
        }));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'reduce':[ITEMS,{'cat':[{'var':'accumulator'},{'var':'accumulator'}]},'x']}",
                "{'reduce':[ITEMS,{'merge':[{'var':'accumulator'},{'var':'accumulator'}]},[1]]}",
                "{'cat':[{'reduce':[ITEMS,[{'var':'accumulator'},{'var':'accumulator'}],1]}]}",
                "{'==':[{'reduce':[ITEMS,[{'var':'accumulator'}],1]},1]}",
                "{'map':[ITEMS,{'map':[ITEMS,{'map':[ITEMS,{'map':[ITEMS,1]}]}]}]}",
            })
    void an_expression_that_asks_for_too_much_fails_soon(String expression) throws JsonProcessingException {
        Logic logic = LogicParser.ofAnyData()
                .parse(
                        JSON.readTree(expression.replace('\'', '"').replace("ITEMS", "[1" + ",1".repeat(500) + "]")),
                        JsonPointer.empty());
        assertThat(logic.mayFail()).isTrue();
        assertThatThrownBy(() -> logic.valueFor(null)).isInstanceOf(EvaluationException.class);
    }

    private static Duration time(ThrowingRunnable work) throws JsonProcessingException {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private interface ThrowingRunnable {
        void run() throws JsonProcessingException;
    }

    private static Logic parse(String json) throws JsonProcessingException {
        return PARSER.parse(JSON.readTree(json), JsonPointer.empty());
    }
}
