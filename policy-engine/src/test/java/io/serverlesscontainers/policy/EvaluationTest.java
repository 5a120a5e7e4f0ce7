package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Rule.Generates;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void stock_rules_are_answered_by_the_cache() {
        for (DroolsScalingPolicy policy :
                List.of(DroolsScalingPolicy.serverless(), ofDocuments(StockRules.documents()))) {
            List<ResourceState> states = Windows.states(5_000, new Random(5));
            Firing.events(policy, states);
            Firing.requests(policy, Windows.tallies(states, new Random(6)));
            assertThat(policy.evaluations()).hasSize(10).allSatisfy(evaluation -> {
                assertThat(evaluation.path()).isEqualTo(Evaluation.Path.DECISION_CACHE);
                assertThat(evaluation.reason()).isEmpty();
                assertThat(evaluation.combinations()).isBetween(1, 40);
                assertThat(evaluation.sessions()).isEqualTo(evaluation.combinations());
            });
        }
    }

    @Test
    void a_policy_without_cache_says_so() {
        DroolsScalingPolicy policy = DroolsScalingPolicy.serverless().uncached();
        Firing.events(policy, Windows.states(5_000, new Random(5)));
        assertThat(policy.evaluations()).extracting(Evaluation::path).containsOnly(Evaluation.Path.RULE_ENGINE);
    }

    @Test
    void it_can_be_told_in_a_sentence() {
        DroolsScalingPolicy policy = ofDocuments(StockRules.documents());
        Firing.events(policy, List.of(Windows.bottleneck("c", Resource.CPU)));
        assertThat(policy.evaluations().get(0).sentence())
                .isEqualTo("cpu events: 2 rules, decision cache, 6 constraints, 1 answers, 1 sessions");
        assertThat(policy.uncached().evaluations().get(0).sentence())
                .isEqualTo("cpu events: 2 rules, rule engine (asked for), 0 sessions");
    }

    @Test
    void with_too_many_combinations_the_rule_engine_answers_and_answers_right() {
        // Each usage from 1 to 13 bits makes its own combination: rule i holds where bit i of the usage is set.
        DroolsScalingPolicy policy = ofDocuments(bits(13));
        for (int window = 0; window < 2; window++) {
            var held = new ArrayList<String>();
            policy.detectEvents(usages(1 << 13), (state, rule) -> held.add(state.usage() + " " + rule.name()));
            var expected = new ArrayList<String>();
            for (int usage = 0; usage < 1 << 13; usage++) {
                for (int bit = 0; bit < 13; bit++) {
                    if ((usage >> bit & 1) == 1) {
                        expected.add((double) usage + " bit " + bit);
                    }
                }
            }
            assertThat(held).containsExactlyInAnyOrderElementsOf(expected);
        }
        Evaluation evaluation = policy.evaluations().get(0);
        assertThat(evaluation.path()).isEqualTo(Evaluation.Path.RULE_ENGINE);
        assertThat(evaluation.reason()).isEqualTo("more than 4096 combinations");
    }

    @Test
    void a_fact_without_a_value_goes_to_the_rule_engine_each_time_and_the_others_do_not() {
        DroolsScalingPolicy policy =
                ofDocuments(List.of(rule("inverse", "{\">\":[{\"/\":[6,{\"var\":\"cpu.structure.cpu.usage\"}]},2]}")));
        for (int window = 1; window <= 2; window++) {
            var told = new ArrayList<String>();
            policy.detectEvents(usages(10), new Firings<>() {
                @Override
                public void fired(ResourceState state, EventRule rule) {
                    told.add(state.usage() + " held");
                }

                @Override
                public void failed(ResourceState state, String sentence) {
                    told.add(state.usage() + " " + sentence);
                }
            });
            assertThat(told)
                    .containsExactlyInAnyOrder("1.0 held", "2.0 held", "0.0 rule 'inverse' failed: division by zero");
            assertThat(policy.evaluations().get(0).sessions()).isEqualTo(2 + window);
        }
    }

    @Test
    void what_the_receiver_throws_leaves_the_cache_usable() {
        DroolsScalingPolicy policy = ofDocuments(bits(3));
        Firings<ResourceState, EventRule> throwing = (state, rule) -> {
            throw new IllegalStateException("no more");
        };
        for (int i = 0; i < 3; i++) {
            try {
                policy.detectEvents(usages(8), throwing);
                throw new AssertionError("nothing was thrown");
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("no more");
            }
        }
        assertThat(Firing.events(policy, usages(8))).hasSize(12);
    }

    private static DroolsScalingPolicy ofDocuments(List<Rule> rules) {
        return DroolsScalingPolicy.ofDocuments(rules, problem -> {
            throw new AssertionError(problem.toString());
        });
    }

    private static List<Rule> bits(int count) {
        var rules = new ArrayList<Rule>();
        for (int bit = 0; bit < count; bit++) {
            rules.add(rule(
                    "bit " + bit,
                    "{\">=\":[{\"%%\":[{\"var\":\"cpu.structure.cpu.usage\"},%d]},%d]}".formatted(2 << bit, 1 << bit)));
        }
        return rules;
    }

    private static Rule rule(String name, String condition) {
        try {
            ObjectNode document = JSON.createObjectNode()
                    .put("name", name)
                    .put("resource", "cpu")
                    .put("generates", Generates.EVENTS.wireName());
            document.set("rule", JSON.readTree(condition));
            document.putObject("action").putObject("events").putObject("scale").put("up", 1);
            return DocumentKind.RULES.read(document);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ResourceState> usages(int count) {
        var states = new ArrayList<ResourceState>();
        for (int usage = 0; usage < count; usage++) {
            states.add(new ResourceState("c" + usage, Resource.CPU, usage, 400, 20, 100, 90, 80, 10, 10));
        }
        return states;
    }
}
