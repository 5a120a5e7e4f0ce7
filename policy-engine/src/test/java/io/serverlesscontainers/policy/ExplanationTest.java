package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.ConditionExplanation;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Why a rule held or did not: the words, the numbers, and that they agree with what the rules decide. */
class ExplanationTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final ScalingPolicy DRL = DroolsScalingPolicy.serverless();
    private static final ScalingPolicy DOCUMENTS = ofDocuments(StockRules.documents());
    private static final ResourceState STATE =
            new ResourceState("web-1", Resource.CPU, 85.5, 400, 20, 100, 90, 80, 10, 10);

    @Example
    void stock_rules_are_explained_in_the_words_of_their_file() {
        assertThat(sentences(DRL.explain(STATE)))
                .containsExactlyInAnyOrder(
                        "rule 'exceeded upper' does not hold: usage > upper is false, upper < max is true,"
                                + " current < max is true (usage 85.5, upper 90, max 400, current 100)",
                        "rule 'dropped lower' does not hold: usage < lower is false, lower > min is true,"
                                + " usage > 0 || parameters.zeroIsUnderuse(resource) is true"
                                + " (usage 85.5, lower 80, min 20)",
                        "rule 'signalled bottleneck' does not hold: usage <= upper is true, current < max is true,"
                                + " signals.throttledRatio >= parameters.throttledIsBottleneck(resource)"
                                + " || ( signals.oomKills > 0 && parameters.oomIsBottleneck(resource) ) is false"
                                + " (usage 85.5, upper 90, current 100, max 400, signals.throttledRatio 0,"
                                + " parameters.throttledIsBottleneck(resource) 0.5, signals.oomKills 0)");
        assertThat(sentences(DRL.explain(new EventTally(STATE, 2, 1))))
                .containsExactlyInAnyOrder(
                        "rule 'scale up by amount' holds: up >= parameters.toScaleUp(resource).needed is true,"
                                + " down <= parameters.toScaleUp(resource).opposingTolerated is true"
                                + " (up 2, parameters.toScaleUp(resource).needed 2,"
                                + " down 1, parameters.toScaleUp(resource).opposingTolerated 2)",
                        "rule 'scale down to fit usage' does not hold:"
                                + " down >= parameters.toScaleDown(resource).needed is false,"
                                + " up <= parameters.toScaleDown(resource).opposingTolerated is false"
                                + " (down 1, parameters.toScaleDown(resource).needed 8,"
                                + " up 2, parameters.toScaleDown(resource).opposingTolerated 0)");
    }

    @Example
    void the_numbers_are_those_of_the_policy_that_is_asked() {
        ScalingPolicy calm = DroolsScalingPolicy.serverless(ServerlessParameters.builder()
                .toScaleUp(Resource.CPU, new EnoughEvents(4, 0))
                .build());
        assertThat(sentences(calm.explain(new EventTally(STATE, 3, 0))))
                .contains(
                        "rule 'scale up by amount' does not hold: up >= parameters.toScaleUp(resource).needed is false,"
                                + " down <= parameters.toScaleUp(resource).opposingTolerated is true"
                                + " (up 3, parameters.toScaleUp(resource).needed 4,"
                                + " down 0, parameters.toScaleUp(resource).opposingTolerated 0)");
    }

    @Example
    void stock_documents_are_explained_in_theirs() {
        assertThat(sentences(DOCUMENTS.explain(new EventTally(STATE, 2, 1))))
                .contains("rule 'CpuRescaleUp' holds: events.scale.up >= 2 is true, events.scale.down <= 2 is true"
                        + " (events.scale.up 2, events.scale.down 1)");
        assertThat(sentences(DOCUMENTS.explain(STATE)))
                .contains("rule 'cpu_exceeded_upper' does not hold:"
                        + " cpu.structure.cpu.usage > cpu.limits.cpu.upper is false,"
                        + " cpu.limits.cpu.upper < cpu.structure.cpu.max is true,"
                        + " cpu.structure.cpu.current < cpu.structure.cpu.max is true"
                        + " (cpu.structure.cpu.usage 85.5, cpu.limits.cpu.upper 90, cpu.structure.cpu.max 400,"
                        + " cpu.structure.cpu.current 100)");
    }

    @Example
    void a_condition_without_a_value_says_why_and_does_not_hold() throws JsonProcessingException {
        ScalingPolicy policy = ofDocuments(List.of(rule("odd", "events", JSON.readTree("""
                        {"and":[false,{">":[{"/":[1,{"-":[{"var":"cpu.structure.cpu.max"},400]}]},2]}]}"""))));
        assertThat(policy.explain(STATE).get(0).conditions())
                .containsExactly(
                        ConditionExplanation.of("false", Map.of(), false),
                        ConditionExplanation.failed(
                                "1 / (cpu.structure.cpu.max - 400) > 2",
                                Map.of("cpu.structure.cpu.max", 400.0),
                                "division by zero"));
    }

    @Example
    void resources_without_rules_have_no_explanation() {
        var energy = new ResourceState("c", Resource.ENERGY, 1, 4, 0, 3, 2, 1, 1, 1);
        for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
            assertThat(policy.explain(energy)).isEmpty();
            assertThat(policy.explain(new EventTally(energy, 1, 1))).isEmpty();
        }
    }

    @Example
    void other_threads_may_ask_while_windows_run() throws Exception {
        List<ResourceState> states = Windows.states(500, new Random(1));
        for (ScalingPolicy policy : List.of(DroolsScalingPolicy.serverless(), ofDocuments(StockRules.documents()))) {
            List<List<RuleExplanation>> alone =
                    states.stream().map(policy::explain).toList();
            List<Firing> undisturbed = Firing.events(policy, states);
            var other = Executors.newSingleThreadExecutor();
            try {
                Future<List<List<RuleExplanation>>> asked =
                        other.submit(() -> states.stream().map(policy::explain).toList());
                do {
                    assertThat(Firing.events(policy, states)).containsExactlyInAnyOrderElementsOf(undisturbed);
                } while (!asked.isDone());
                assertThat(asked.get()).isEqualTo(alone);
            } finally {
                other.shutdownNow();
            }
        }
    }

    @Property(tries = 3_000)
    void stock_rules_explained_as_held_are_those_that_fire(@ForAll EventTally tally) {
        for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
            requireAgreement(policy, tally);
        }
    }

    @Property(tries = 400)
    void any_rules_explained_as_held_are_those_that_fire(
            @ForAll("conditionsOnStates") List<JsonNode> onStates,
            @ForAll("conditionsOnTallies") List<JsonNode> onTallies,
            @ForAll("cpuTallies") List<EventTally> tallies) {
        var rules = new ArrayList<Rule>();
        onStates.forEach(condition -> rules.add(rule("rule " + rules.size(), "events", condition)));
        onTallies.forEach(condition -> rules.add(rule("rule " + rules.size(), "requests", condition)));
        ScalingPolicy policy = DroolsScalingPolicy.ofDocuments(rules, refused -> {});
        tallies.forEach(tally -> requireAgreement(policy, tally));
    }

    private static void requireAgreement(ScalingPolicy policy, EventTally tally) {
        var events = new Names<ResourceState, EventRule>();
        policy.detectEvents(List.of(tally.state()), events);
        events.requireAgreement(policy.explain(tally.state()));
        var requests = new Names<EventTally, RequestRule>();
        policy.decideRequests(List.of(tally), requests);
        requests.requireAgreement(policy.explain(tally));
    }

    /** The rules that a policy tells of one fact. */
    private static final class Names<F, R> implements Firings<F, R> {
        private final Set<String> fired = new HashSet<>();
        private final List<String> failed = new ArrayList<>();

        @Override
        public void fired(F fact, R rule) {
            fired.add(rule instanceof EventRule event ? event.name() : ((RequestRule) rule).name());
        }

        @Override
        public void failed(F fact, String sentence) {
            failed.add(sentence);
        }

        void requireAgreement(List<RuleExplanation> explained) {
            assertThat(explained.stream().filter(RuleExplanation::held).map(RuleExplanation::rule))
                    .containsExactlyInAnyOrderElementsOf(fired);
            assertThat(explained.stream()
                            .flatMap(rule -> rule.conditions().stream()
                                    .flatMap(condition -> condition.failure().stream())
                                    .map(why -> "rule '" + rule.rule() + "' failed: " + why)))
                    .as("what fails for the rules fails for the explanation")
                    .containsAll(failed);
        }
    }

    @Provide
    Arbitrary<List<EventTally>> cpuTallies() {
        return Facts.tallies()
                .filter(tally -> tally.resource() == Resource.CPU)
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .withoutEdgeCases();
    }

    @Provide
    Arbitrary<List<JsonNode>> conditionsOnStates() {
        return conditions(
                "cpu.structure.cpu.usage",
                "cpu.structure.cpu.max",
                "cpu.structure.cpu.min",
                "cpu.structure.cpu.current",
                "cpu.limits.cpu.upper",
                "cpu.limits.cpu.lower");
    }

    @Provide
    Arbitrary<List<JsonNode>> conditionsOnTallies() {
        return conditions("events.scale.up", "events.scale.down");
    }

    private static Arbitrary<List<JsonNode>> conditions(String... variables) {
        Arbitrary<JsonNode> leaves = Arbitraries.oneOf(
                Arbitraries.integers().between(-1, 6).map(NODES::numberNode),
                Arbitraries.of(variables).map(name -> NODES.objectNode().put("var", name)),
                Arbitraries.of(variables).map(name -> NODES.objectNode().put("var", name)));
        Arbitrary<JsonNode> sums = Arbitraries.recursive(
                () -> leaves, inner -> operation(inner, "+", "-", "*", "/", "%", "max", "min"), 0, 2);
        Arbitrary<JsonNode> comparisons = operation(sums, "<", "<=", ">", ">=", "==", "!=", "===", "in");
        Arbitrary<JsonNode> trees = Arbitraries.recursive(
                () -> comparisons, inner -> operation(inner, "and", "or", "if", "!=", "merge"), 0, 2);
        return Arbitraries.frequencyOf(
                        Tuple.of(2, trees),
                        Tuple.of(3, trees.list().ofMinSize(1).ofMaxSize(4).map(list -> of("and", list))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .withoutEdgeCases();
    }

    private static Arbitrary<JsonNode> operation(Arbitrary<JsonNode> operands, String... symbols) {
        return Arbitraries.of(symbols)
                .flatMap(symbol -> operands.list().ofSize(2).map(list -> of(symbol, list)));
    }

    private static JsonNode of(String symbol, List<JsonNode> operands) {
        ObjectNode node = NODES.objectNode();
        node.set(symbol, NODES.arrayNode().addAll(operands));
        return node;
    }

    private static Rule rule(String name, String generates, JsonNode condition) {
        ObjectNode json = NODES.objectNode()
                .put("name", name)
                .put("resource", "cpu")
                .put("generates", generates)
                .put("amount", 75)
                .put("rescale_policy", "amount")
                .put("rescale_type", "up")
                .put("events_to_remove", 2);
        json.set("rule", condition);
        json.putObject("action").putObject("events").putObject("scale").put("up", 1);
        return DocumentKind.RULES.read(json);
    }

    private static ScalingPolicy ofDocuments(List<Rule> rules) {
        return DroolsScalingPolicy.ofDocuments(rules, problem -> {
            throw new AssertionError(problem.toString());
        });
    }

    private static List<String> sentences(List<RuleExplanation> rules) {
        return rules.stream().map(RuleExplanation::sentence).toList();
    }
}
