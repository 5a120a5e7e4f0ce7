package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.policy.internal.logic.Interpreter;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** The decision cache, the rule engine and a walk over each document's own JSON decide alike. */
class EnginesAgreeTest {
    private static final int FACTS = 400;

    /** What became of a rule for a fact; what neither held nor failed is not noted. */
    private record Verdict(int fact, String rule, boolean held) {}

    @Property(tries = 1_000)
    void on_random_rules_and_facts(@ForAll long seed) {
        var random = new Random(seed);
        List<Rule> rules = new RandomRules(random).set();
        List<ResourceState> states = states(random);
        List<EventTally> tallies = states.stream()
                .map(state -> new EventTally(state, random.nextInt(6), random.nextInt(6)))
                .toList();

        try (DroolsScalingPolicy cached = DroolsScalingPolicy.ofDocuments(rules, problem -> {
                    throw new AssertionError(problem.toString());
                });
                DroolsScalingPolicy uncached = cached.uncached()) {
            Set<Verdict> expected = interpreted(rules, Rule.Generates.EVENTS, states);
            assertThat(detected(cached, states)).as("cache, first time").isEqualTo(expected);
            assertThat(detected(cached, states)).as("cache, second time").isEqualTo(expected);
            assertThat(detected(uncached, states)).as("rule engine").isEqualTo(expected);
            boolean isCompiled = random.nextInt(5) == 0;
            if (isCompiled) {
                compile(cached, states, tallies);
                assertThat(detected(cached, states)).as("cache, compiled").isEqualTo(expected);
            }

            Set<Verdict> requested = interpreted(rules, Rule.Generates.REQUESTS, tallies);
            assertThat(decided(cached, tallies)).as("cache, first time").isEqualTo(requested);
            assertThat(decided(cached, tallies)).as("cache, second time").isEqualTo(requested);
            assertThat(decided(uncached, tallies)).as("rule engine").isEqualTo(requested);
            if (isCompiled) {
                assertThat(decided(cached, tallies)).as("cache, compiled").isEqualTo(requested);
            }
        }
    }

    @Tag("long")
    @Property(tries = 100_000)
    void on_one_random_rule_and_one_fact(@ForAll long seed) {
        var random = new Random(seed);
        Rule rule = new RandomRules(random).rule("rule");
        ResourceState state = state(random, rule.resource().orElseThrow(), 0);
        var tally = new EventTally(state, random.nextInt(6), random.nextInt(6));

        try (DroolsScalingPolicy cached = DroolsScalingPolicy.ofDocuments(List.of(rule), problem -> {
            throw new AssertionError(problem.toString());
        })) {
            assertThat(detected(cached, List.of(state)))
                    .isEqualTo(interpreted(List.of(rule), Rule.Generates.EVENTS, List.of(state)));
            assertThat(decided(cached, List.of(tally)))
                    .isEqualTo(interpreted(List.of(rule), Rule.Generates.REQUESTS, List.of(tally)));
        }
    }

    /** Has the policy evaluate so many facts that it compiles what it asks of them. */
    private static void compile(DroolsScalingPolicy policy, List<ResourceState> states, List<EventTally> tallies) {
        for (int facts = 0; facts <= 20_000; facts += FACTS) {
            detected(policy, states);
            decided(policy, tallies);
        }
    }

    private static List<ResourceState> states(Random random) {
        var states = new ArrayList<ResourceState>();
        for (int i = 0; i < FACTS; i++) {
            states.add(state(random, Resource.values()[random.nextInt(Resource.values().length)], i));
        }
        return states;
    }

    private static ResourceState state(Random random, Resource resource, int number) {
        double usage = random.nextBoolean() ? random.nextInt(6) : random.nextDouble() * 6;
        return new ResourceState(
                "c" + number,
                resource,
                usage,
                random.nextInt(12),
                random.nextInt(4),
                random.nextInt(8),
                random.nextInt(6),
                random.nextInt(4),
                random.nextInt(4),
                1,
                Signals.NONE.withThrottledRatio(random.nextInt(3) / 2.0));
    }

    private static Set<Verdict> detected(ScalingPolicy policy, List<ResourceState> states) {
        var told = new Told<ResourceState, EventRule>(states, EventRule::name);
        policy.detectEvents(states, told);
        return told.verdicts;
    }

    private static Set<Verdict> decided(ScalingPolicy policy, List<EventTally> tallies) {
        var told = new Told<EventTally, RequestRule>(tallies, RequestRule::name);
        policy.decideRequests(tallies, told);
        return told.verdicts;
    }

    private static Set<Verdict> interpreted(List<Rule> rules, Rule.Generates kind, List<?> facts) {
        var verdicts = new HashSet<Verdict>();
        for (Rule rule : rules) {
            if (rule.generates().orElseThrow() != kind) {
                continue;
            }
            var interpreter = Interpreter.of(rule.condition().orElseThrow());
            for (int fact = 0; fact < facts.size(); fact++) {
                ResourceState state =
                        facts.get(fact) instanceof EventTally tally ? tally.state() : (ResourceState) facts.get(fact);
                if (state.resource() == rule.resource().orElseThrow()) {
                    add(verdicts, fact, rule.name(), interpreter.holds(data(facts.get(fact))));
                }
            }
        }
        return verdicts;
    }

    private static void add(Set<Verdict> verdicts, int fact, String rule, Interpreter.Result result) {
        switch (result) {
            case HOLDS -> verdicts.add(new Verdict(fact, rule, true));
            case FAILS -> verdicts.add(new Verdict(fact, rule, false));
            case DOES_NOT_HOLD -> {}
        }
    }

    /** The fact as the JSON that a rule document is written for. */
    private static ObjectNode data(Object fact) {
        ObjectNode data = JsonNodeFactory.instance.objectNode();
        if (fact instanceof EventTally tally) {
            data.putObject("events").putObject("scale").put("up", tally.up()).put("down", tally.down());
            return data;
        }
        ResourceState state = (ResourceState) fact;
        String resource = state.resource().wireName();
        ObjectNode all = data.putObject(resource);
        all.putObject("structure")
                .putObject(resource)
                .put("usage", state.usage())
                .put("current", state.current())
                .put("max", state.max())
                .put("min", state.min())
                .put("throttled", state.signals().throttledRatio());
        all.putObject("limits")
                .putObject(resource)
                .put("upper", state.upper())
                .put("lower", state.lower())
                .put("boundary", state.boundary());
        return data;
    }

    /** Notes what a policy tells. */
    private static final class Told<F, R> implements Firings<F, R> {
        private final Map<F, Integer> places = new IdentityHashMap<>();
        private final Function<R, String> nameOf;
        private final Set<Verdict> verdicts = new HashSet<>();

        Told(List<F> facts, Function<R, String> nameOf) {
            for (int i = 0; i < facts.size(); i++) {
                places.put(facts.get(i), i);
            }
            this.nameOf = nameOf;
        }

        @Override
        public void fired(F fact, R rule) {
            assertThat(verdicts.add(new Verdict(places.get(fact), nameOf.apply(rule), true)))
                    .as("told once")
                    .isTrue();
        }

        @Override
        public void failed(F fact, String sentence) {
            String rule = sentence.substring(sentence.indexOf('\'') + 1, sentence.indexOf("' failed"));
            verdicts.add(new Verdict(places.get(fact), rule, false));
        }
    }
}
