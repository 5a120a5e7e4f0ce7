package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStoreException;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** One bad document among the stock rules: one sentence that names rule and place, and the others decide as before. */
@Timeout(10)
class RefusedDocumentsTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .build())
                    .build())
            .build();
    private static final int DEEP = 10_000;
    private static final int MEGABYTE = 1_000_000;

    private static final List<ResourceState> STATES = Windows.states(300, new Random(1));
    private static final List<EventTally> TALLIES = Windows.tallies(STATES, new Random(2));
    private static List<Firing> eventsWithout;
    private static List<Firing> requestsWithout;

    @TempDir
    private Path directory;

    @BeforeAll
    static void the_stock_rules_alone_decide() {
        DroolsScalingPolicy policy = DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
            throw new AssertionError(problem.toString());
        });
        eventsWithout = Firing.events(policy, STATES);
        requestsWithout = Firing.requests(policy, TALLIES);
        assertThat(eventsWithout).isNotEmpty();
        assertThat(requestsWithout).isNotEmpty();
    }

    static Stream<Bad> refused() {
        return Stream.of(
                event("unknown operator", "/rule/frobnicate", json -> condition(json, "{'frobnicate':[1,2]}")),
                event(
                        "unknown operator inside",
                        "/rule/and/1/</0/f~1~0",
                        json -> condition(json, "{'and':[true,{'<':[{'f/~':1},2]}]}")),
                event(
                        "unknown variable",
                        "/rule/>/0/var",
                        json -> condition(json, "{'>':[{'var':'mem.structure.mem.usage'},2]}")),
                event("too few operands", "/rule/>", json -> condition(json, "{'>':[2]}")),
                event("two operators", "/rule", json -> condition(json, "{'>':[1,2],'<':[1,2]}")),
                event(
                        "text in an order of numbers",
                        "/rule/>/1",
                        json -> condition(json, "{'>':[{'var':'cpu.structure.cpu.usage'},'abc']}")),
                event(
                        "text in a calculation",
                        "/rule/>/1/-/0",
                        json -> condition(json, "{'>':[{'var':'cpu.structure.cpu.usage'},{'-':['abc',1]}]}")),
                request("missing amount", "/amount", json -> json.remove("amount")),
                request("text for an amount", "/amount", json -> json.put("amount", "abc")),
                request("unknown rescale_policy", "/rescale_policy", json -> json.put("rescale_policy", "magic")),
                request(
                        "huge rescale_policy",
                        "/rescale_policy",
                        json -> json.put("rescale_policy", "x".repeat(MEGABYTE))),
                request("unknown rescale_type", "/rescale_type", json -> json.put("rescale_type", "sideways")),
                request("text for events_to_remove", "/events_to_remove", json -> json.put("events_to_remove", "many")),
                request("negative events_to_remove", "/events_to_remove", json -> json.put("events_to_remove", -1)),
                request("missing events_to_remove", "/events_to_remove", json -> json.remove("events_to_remove")),
                request("text for a priority", "/priority", json -> json.put("priority", "first")),
                event("unknown resource", "/resource", json -> json.put("resource", "gpu")),
                event("missing resource", "/resource", json -> json.remove("resource")),
                event("missing generates", "/generates", json -> json.remove("generates")),
                event("unknown generates", "/generates", json -> json.put("generates", "wonders")),
                event("missing condition", "/rule", json -> json.remove("rule")),
                event("missing action", "/action", json -> json.remove("action")),
                event("action that says nothing", "/action", json -> json.putObject("action")),
                event(
                        "name with control characters",
                        "/resource",
                        "a\nb\u0000\t\u2028\u0085c",
                        json -> json.put("resource", "gpu")),
                event(
                        "huge text in the condition",
                        "/rule/==/1",
                        json -> json.putObject("rule").putArray("==").add(1).add("x".repeat(MEGABYTE))),
                event(
                        "huge array in the condition",
                        "/rule/in/1/",
                        json -> numbers(
                                json.putObject("rule").putArray("in").add(1).addArray())),
                event(
                        "many parts in the condition",
                        "/rule/and/4999",
                        json -> condition(json, "{'and':[true" + ",true".repeat(10_000) + "]}")),
                event(
                        "huge operator",
                        "/rule/xxx",
                        json -> json.putObject("rule").put("x".repeat(90_000), 1)),
                event("huge unknown text", "/comment", json -> json.put("comment", "x".repeat(MEGABYTE))),
                event("huge unknown array", "/comment/", json -> numbers(json.putArray("comment"))),
                event("huge name of an unknown field", "/xxx", json -> json.put("x".repeat(MEGABYTE), 1)),
                event("huge resource", "/resource", json -> json.put("resource", "x".repeat(MEGABYTE / 20))),
                event("huge name", "/name", "x".repeat(MEGABYTE), json -> {}),
                request("not a number", "/amount", json -> json.put("amount", Double.NaN)),
                request(
                        "infinite events_to_remove",
                        "/events_to_remove",
                        json -> json.put("events_to_remove", Double.POSITIVE_INFINITY)),
                request("infinite priority", "/priority", json -> json.put("priority", Float.NEGATIVE_INFINITY)),
                request("binary amount", "/amount", json -> json.put("amount", new byte[] {1, 2, 3})),
                request("binary priority", "/priority", json -> json.put("priority", new byte[MEGABYTE / 20])),
                event("binary resource", "/resource", json -> json.put("resource", new byte[] {1})),
                event("binary action", "/action", json -> json.put("action", new byte[] {1})));
    }

    /** What is no JSON, and so becomes a text, or a number's text, in a file. */
    static Stream<Bad> refused_as_a_tree() {
        return Stream.of(
                event(
                        "infinity in the condition",
                        "/rule/</1",
                        json -> json.putObject("rule").putArray("<").add(1).add(Double.POSITIVE_INFINITY)),
                event(
                        "no number in the condition",
                        "/rule/+/0",
                        json -> json.putObject("rule").putArray("+").add(Float.NaN)),
                event(
                        "binary condition",
                        "/rule/==/1",
                        json -> json.putObject("rule").putArray("==").add(1).add(new byte[] {1})),
                event(
                        "Java object in the condition",
                        "/rule/==/1",
                        json -> json.putObject("rule").putArray("==").add(1).addPOJO(new Object())));
    }

    static Stream<Bad> refused_when_read() {
        return Stream.of(
                event("deep condition", "/rule", json -> json.set("rule", operators(DEEP))),
                event(
                        "deep data in the condition",
                        "/rule",
                        json -> json.putObject("rule").set("!!", arrays(DEEP))),
                event("deep unknown field", "/a~1b", json -> json.set("a/b", arrays(DEEP))),
                event("deep amount", "/amount", json -> json.set("amount", arrays(DEEP))),
                event("deep action", "/action", json -> json.putObject("action").set("events", operators(DEEP))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"refused", "refused_as_a_tree"})
    void a_bad_document_is_one_sentence_and_the_others_decide(Bad bad) {
        bad.assertNamedBy(theOnlyProblemOf(amongStockRules(DocumentKind.RULES.read(bad.json()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void a_bad_document_in_a_store_is_one_sentence_and_the_others_decide(Bad bad) {
        bad.assertNamedBy(theOnlyProblemOf(rulesFromFile(DocumentKind.RULES.read(bad.json()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused_when_read")
    void a_document_that_is_too_deep_is_refused_when_it_is_read(Bad bad) {
        assertThatThrownBy(() -> DocumentKind.RULES.read(bad.json()))
                .isInstanceOfSatisfying(DocumentException.class, refused -> bad.assertNamedBy(refused.problem()));
    }

    @ParameterizedTest
    @CsvSource({"rule, /rule", "a/b, /a~1b", "amount, /amount", "action, /action"})
    void a_text_that_is_too_deep_is_refused_when_it_is_read(String field, String place) throws IOException {
        String deep = "{\"!\":[".repeat(DEEP / 2) + "]}".repeat(DEEP / 2);
        JsonNode json = MAPPER.readTree("{\"name\":\"bad\",\"" + field + "\":" + deep + "}");

        assertThatThrownBy(() -> DocumentKind.RULES.read(json))
                .isInstanceOf(DocumentException.class)
                .hasMessage("rule 'bad': " + place + " is nested deeper than 1000 levels");
    }

    @Test
    void the_second_of_two_rules_with_one_name_is_one_sentence_and_the_others_decide() {
        List<Rule> rules = new ArrayList<>(StockRules.documents());
        Rule first = rules.get(0);
        rules.add(DocumentKind.RULES.read(event(first.name())));

        assertThat(theOnlyProblemOf(rules))
                .hasToString(
                        "rule '" + first.name() + "': /name is '" + first.name() + "', which another active rule has");
    }

    @Test
    void a_condition_that_was_never_read_may_be_as_deep_as_it_likes() {
        JsonNode deep = operators(DEEP);
        Rule bad = withCondition(deep);

        Problem problem = theOnlyProblemOf(amongStockRules(bad));

        String place = "/rule" + "/!".repeat(100);
        assertThat(problem.field().orElseThrow()).hasToString(place);
        assertThat(problem).hasToString("rule 'bad': " + place + " is nested deeper than 100 levels");
    }

    @Test
    void a_condition_that_is_deep_and_can_be_read_is_refused_where_it_is_too_deep() {
        Bad bad = event("deep", "/rule" + "/!".repeat(100), json -> json.set("rule", operators(990)));

        bad.assertNamedBy(theOnlyProblemOf(rulesFromFile(DocumentKind.RULES.read(bad.json()))));
    }

    @Test
    void a_store_takes_no_document_that_it_could_not_give_back() {
        Path file = directory.resolve("rules.store");
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            StockRules.documents().forEach(rule -> store.create(DocumentKind.RULES, rule));

            assertThatThrownBy(() -> store.create(DocumentKind.RULES, withCondition(operators(DEEP))))
                    .isInstanceOf(StateStoreException.class)
                    .hasMessage(
                            "rule 'bad' cannot be written as JSON: its field 'rule' is nested deeper than 1000 levels");

            assertThat(theProblemsOf(rulesIn(store))).isEmpty();
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThat(store.problems()).isEmpty();
            assertThat(theProblemsOf(rulesIn(store))).isEmpty();
        }
    }

    @Test
    void a_store_in_memory_takes_it_and_the_others_decide() {
        try (var store = new InMemoryStateStore()) {
            store.create(DocumentKind.RULES, withCondition(operators(DEEP)));
            StockRules.documents().forEach(rule -> store.create(DocumentKind.RULES, rule));

            assertThat(theOnlyProblemOf(rulesIn(store)).toString()).endsWith(" is nested deeper than 100 levels");
        }
    }

    /**
     * A bad document.
     *
     * @param title what is bad about it
     * @param place the pointer of the bad node; with a slash at its end, of a node inside that one
     */
    private record Bad(String title, ObjectNode json, String place) {
        void assertNamedBy(Problem problem) {
            String name = Shown.named("rule", json.path("name").textValue());
            assertThat(problem.subject()).isEqualTo(name);
            assertThat(problem.toString())
                    .hasSizeLessThan(450)
                    .startsWith(name + ": " + place)
                    .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028\\u2029]");
            String pointer = problem.field().orElseThrow().toString();
            if (place.endsWith("/")) {
                assertThat(pointer).startsWith(place).matches(".*/[0-9]+");
                assertThat(problem.sentence()).startsWith(pointer + " ");
            } else if (pointer.length() < 300) {
                assertThat(pointer).isEqualTo(place);
                assertThat(problem.sentence()).startsWith(place + " ");
            } else {
                assertThat(problem.sentence()).contains("… ");
            }
        }

        @Override
        public String toString() {
            return title;
        }
    }

    private static Bad event(String title, String place, Consumer<ObjectNode> change) {
        return event(title, place, "bad", change);
    }

    private static Bad event(String title, String place, String name, Consumer<ObjectNode> change) {
        ObjectNode json = event(name);
        change.accept(json);
        return new Bad(title, json, place);
    }

    private static ObjectNode event(String name) {
        ObjectNode json =
                JSON.objectNode().put("name", name).put("resource", "cpu").put("generates", "events");
        json.putObject("action").putObject("events").putObject("scale").put("up", 1);
        return json.put("rule", true);
    }

    private static Bad request(String title, String place, Consumer<ObjectNode> change) {
        ObjectNode json = JSON.objectNode()
                .put("name", "bad")
                .put("resource", "cpu")
                .put("rule", true)
                .put("generates", "requests")
                .put("events_to_remove", 2)
                .put("amount", 75)
                .put("rescale_policy", "amount")
                .put("rescale_type", "up");
        change.accept(json);
        return new Bad(title, json, place);
    }

    private static void condition(ObjectNode json, String condition) {
        try {
            json.set("rule", MAPPER.readTree(condition.replace('\'', '"')));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void numbers(ArrayNode array) {
        for (int i = 0; i < MEGABYTE / 2; i++) {
            array.add(i % 10);
        }
    }

    private static Rule withCondition(JsonNode condition) {
        Rule rule = DocumentKind.RULES.read(event("bad"));
        return new Rule(
                rule.name(),
                rule.resource(),
                Optional.of(condition),
                rule.generates(),
                rule.action(),
                rule.amount(),
                rule.rescalePolicy(),
                rule.rescaleType(),
                rule.rescaleBy(),
                rule.eventsToRemove(),
                rule.active(),
                rule.otherFields(),
                rule.problems());
    }

    private static List<Rule> amongStockRules(Rule bad) {
        List<Rule> rules = new ArrayList<>(StockRules.documents());
        rules.add(rules.size() / 2, bad);
        return rules;
    }

    private static Problem theOnlyProblemOf(List<Rule> rules) {
        List<Problem> problems = theProblemsOf(rules);
        assertThat(problems).hasSize(1);
        return problems.get(0);
    }

    /** What is wrong with the rules, after those that are right have decided as they do alone. */
    private static List<Problem> theProblemsOf(List<Rule> rules) {
        var problems = new ArrayList<Problem>();
        DroolsScalingPolicy policy = DroolsScalingPolicy.ofDocuments(rules, problems::add);
        assertThat(Firing.events(policy, STATES)).containsExactlyInAnyOrderElementsOf(eventsWithout);
        assertThat(Firing.requests(policy, TALLIES)).containsExactlyInAnyOrderElementsOf(requestsWithout);
        return problems;
    }

    /** The stock rules and a bad one, after they went through a store's file. */
    private List<Rule> rulesFromFile(Rule bad) {
        Path file = directory.resolve("rules.store");
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            store.create(DocumentKind.RULES, bad);
            StockRules.documents().forEach(rule -> store.create(DocumentKind.RULES, rule));
            assertThat(rulesIn(store)).contains(bad);
        }
        try (InMemoryStateStore store = InMemoryStateStore.open(file)) {
            assertThat(store.problems()).isEmpty();
            return rulesIn(store);
        }
    }

    private static List<Rule> rulesIn(InMemoryStateStore store) {
        return store.findAll(DocumentKind.RULES).stream()
                .map(Revisioned::document)
                .toList();
    }

    private static JsonNode operators(int depth) {
        JsonNode deep = JSON.booleanNode(true);
        for (int i = 0; i < depth; i++) {
            deep = JSON.objectNode().set("!", deep);
        }
        return deep;
    }

    private static JsonNode arrays(int depth) {
        JsonNode deep = JSON.arrayNode();
        for (int i = 0; i < depth; i++) {
            deep = JSON.arrayNode().add(deep);
        }
        return deep;
    }
}
