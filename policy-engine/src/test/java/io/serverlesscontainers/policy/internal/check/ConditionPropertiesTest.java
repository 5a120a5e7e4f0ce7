package io.serverlesscontainers.policy.internal.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.statistics.Statistics;

/** What is said of conditions, against facts: it is never too much, and of mere comparisons it is all. */
class ConditionPropertiesTest {
    private static final Set<String> STATE = RandomConditions.STATE;
    private static final Set<String> COUNTS = RandomConditions.COUNTS;
    private static final int MOST_EVENTS = 8;

    @Property(tries = 1_000)
    void what_is_called_contradictory_never_holds(
            @ForAll("anyOnStates") JsonNode json, @ForAll("manyStates") List<Map<String, Double>> states) {
        boolean possible = Condition.of(json, STATE).isPossible(Known.ofState());
        Statistics.label("possible")
                .collect(possible)
                .coverage(it -> it.check(false).percentage(share -> share > 5));
        if (!possible) {
            assertThat(states).noneMatch(state -> RandomConditions.holds(json, state));
        }
    }

    @Property(tries = 1_000)
    void what_is_true_of_some_facts_is_possible(@ForAll("trueOfStates") Tuple2<Map<String, Double>, JsonNode> both) {
        assertThat(Condition.of(both.get2(), STATE).isPossible(Known.ofState())).isTrue();
    }

    @Property(tries = 1_000)
    void of_mere_comparisons_of_states_all_is_known(@ForAll("comparingStates") JsonNode json) {
        Condition condition = Condition.of(json, STATE);
        Optional<Example> example = condition.example(Known.ofState());
        assertThat(example.isPresent()).isEqualTo(condition.isPossible(Known.ofState()));
        example.ifPresent(
                it -> assertThat(RandomConditions.holds(json, facts(it, STATE))).isTrue());
    }

    @Property(tries = 1_000)
    void an_example_is_a_repaired_chain(@ForAll("anyOnStates") JsonNode json) {
        Optional<Example> example = Condition.of(json, STATE).example(Known.ofState());
        Statistics.label("example")
                .collect(example.isPresent())
                .coverage(it -> it.check(true).percentage(share -> share > 50));
        example.ifPresent(it -> {
            double max = it.value("max");
            double current = it.value("current");
            double margin = current - it.value("upper");
            assertThat(max).isBetween(Math.max(current, it.value("min")), 1e12);
            assertThat(List.of(current, it.value("min"), it.value("usage"))).allMatch(value -> value >= 0);
            assertThat(margin).isGreaterThanOrEqualTo(1).isEqualTo(it.value("boundary"));
            assertThat(it.value("upper") - it.value("lower")).isEqualTo(margin);
            assertThat(List.of(max, current, it.value("min"), margin)).allMatch(value -> value == Math.rint(value));
        });
    }

    @Property(tries = 1_000)
    void an_example_of_two_conditions_holds_for_both(
            @ForAll("anyOnStates") JsonNode one, @ForAll("anyOnStates") JsonNode other) {
        Optional<Example> example = Condition.of(one, STATE).exampleWith(Condition.of(other, STATE), Known.ofState());
        Statistics.label("example")
                .collect(example.isPresent())
                .coverage(it -> it.check(true).percentage(share -> share > 20));
        example.ifPresent(it ->
                assertThat(List.of(one, other)).allMatch(json -> RandomConditions.holds(json, facts(it, STATE))));
    }

    @Property(tries = 1_000)
    void of_mere_comparisons_of_counts_all_is_known(@ForAll("comparingCounts") JsonNode json) {
        Condition condition = Condition.of(json, COUNTS);
        List<Map<String, Double>> counts = IntStream.rangeClosed(1, (MOST_EVENTS + 1) * (MOST_EVENTS + 1) - 1)
                .mapToObj(i -> Map.of(
                        "events.scale.up", (double) (i % (MOST_EVENTS + 1)),
                        "events.scale.down", (double) (i / (MOST_EVENTS + 1))))
                .filter(it -> RandomConditions.holds(json, it))
                .toList();
        assertThat(condition.isPossible(Known.ofLiveEvents())).isEqualTo(!counts.isEmpty());
        assertThat(condition.example(Known.ofLiveEvents()).isPresent()).isEqualTo(!counts.isEmpty());
    }

    @Property(tries = 1_000)
    void a_contradiction_is_told_where_there_is_one_and_nowhere_else(@ForAll("comparingStates") JsonNode json) {
        Condition condition = Condition.of(json, STATE);
        List<String> contradiction = condition.contradiction(Known.ofState());
        assertThat(contradiction.isEmpty()).isEqualTo(condition.isPossible(Known.ofState()));
    }

    private static Map<String, Double> facts(Example example, Set<String> variables) {
        var facts = new HashMap<String, Double>();
        variables.forEach(name -> facts.put(name, example.value(name)));
        return facts;
    }

    @Provide
    Arbitrary<List<Map<String, Double>>> manyStates() {
        return RandomConditions.states().list().ofSize(30);
    }

    @Provide
    Arbitrary<JsonNode> anyOnStates() {
        return RandomConditions.any(STATE);
    }

    @Provide
    Arbitrary<JsonNode> comparingStates() {
        // An example's boundary is an amount, so not all that is possible with a percentage has one.
        return RandomConditions.comparing(STATE).filter(json -> !json.toString().contains("boundary"));
    }

    @Provide
    Arbitrary<JsonNode> comparingCounts() {
        return RandomConditions.comparing(COUNTS);
    }

    @Provide
    Arbitrary<Tuple2<Map<String, Double>, JsonNode>> trueOfStates() {
        return RandomConditions.states()
                .flatMap(state -> RandomConditions.trueOf(state).map(condition -> Tuple.of(state, condition)));
    }
}
