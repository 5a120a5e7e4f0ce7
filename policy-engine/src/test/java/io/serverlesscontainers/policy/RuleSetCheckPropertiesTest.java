package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.policy.RuleSetCheck.Finding;
import io.serverlesscontainers.policy.RuleSetCheck.Severity;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Findings about random rule sets, against the policy that is made of the same documents. */
class RuleSetCheckPropertiesTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int WINDOWS_ALIVE = 3;
    private static final Duration TIMEOUT = WINDOW.multipliedBy(WINDOWS_ALIVE - 1);
    private static final Pattern COUNTS = Pattern.compile("at up ([0-9]+), down ([0-9]+)");

    @Property(tries = 500)
    void a_rule_that_is_said_to_never_fire_never_does(
            @ForAll("ruleSets") List<Rule> rules, @ForAll("manyStates") List<ResourceState> states) {
        Set<String> never = named(rules, "can never fire: ");
        Statistics.label("some never fire")
                .collect(!never.isEmpty())
                .coverage(it -> it.check(true).percentage(share -> share > 20));
        DroolsScalingPolicy policy = policy(rules);
        policy.detectEvents(states, (state, rule) -> assertThat(never).doesNotContain(rule.name()));
        policy.decideRequests(
                tallies(rules, states.get(0)),
                (tally, rule) -> assertThat(never).doesNotContain(rule.name()));
    }

    @Property(tries = 500)
    void two_request_rules_that_are_said_to_hold_at_once_do(
            @ForAll("ruleSets") List<Rule> rules, @ForAll("state") ResourceState state) {
        DroolsScalingPolicy policy = policy(rules);
        for (Finding finding : RuleSetCheck.of(rules, WINDOW, TIMEOUT).findings()) {
            Matcher counts = COUNTS.matcher(finding.sentence());
            if (counts.find()) {
                int up = Integer.parseInt(counts.group(1));
                int down = Integer.parseInt(counts.group(2));
                var fired = new HashSet<String>();
                EventTally tally = new EventTally(state, up, down);
                assertThat(tallies(rules, state)).contains(tally);
                policy.decideRequests(List.of(tally), (fact, rule) -> fired.add(rule.name()));
                assertThat(fired).containsAll(finding.rules());
            }
        }
    }

    @Property(tries = 500)
    void rules_of_both_directions_that_fire_at_once_are_told(
            @ForAll("ruleSets") List<Rule> rules, @ForAll("state") ResourceState state) {
        var told = new HashSet<Set<String>>();
        RuleSetCheck.of(rules, WINDOW, TIMEOUT).findings().stream()
                .filter(it -> it.sentence().startsWith("hold at once"))
                .forEach(it -> told.add(Set.copyOf(it.rules())));
        Statistics.label("some hold at once")
                .collect(!told.isEmpty())
                .coverage(it -> it.check(true).percentage(share -> share > 20));
        for (EventTally tally : tallies(rules, state)) {
            var up = new HashSet<String>();
            var down = new HashSet<String>();
            policy(rules)
                    .decideRequests(
                            List.of(tally), (fact, rule) -> (rule.rescale().amount() > 0 ? up : down).add(rule.name()));
            up.forEach(one -> down.forEach(other -> assertThat(told).contains(Set.of(one, other))));
        }
    }

    @Property(tries = 500)
    void the_order_of_the_documents_does_not_matter(@ForAll("ruleSets") List<Rule> rules) {
        var backwards = new ArrayList<>(rules);
        backwards.sort(Comparator.comparing(Rule::name).reversed());
        assertThat(severitiesAndRules(backwards)).containsExactlyInAnyOrderElementsOf(severitiesAndRules(rules));
    }

    private static List<Tuple.Tuple2<Severity, Set<String>>> severitiesAndRules(List<Rule> rules) {
        return RuleSetCheck.of(rules, WINDOW, TIMEOUT).findings().stream()
                .map(it -> Tuple.of(it.severity(), Set.copyOf(it.rules())))
                .toList();
    }

    private static Set<String> named(List<Rule> rules, String start) {
        var named = new HashSet<String>();
        RuleSetCheck.of(rules, WINDOW, TIMEOUT).findings().stream()
                .filter(it -> it.sentence().startsWith(start))
                .forEach(it -> named.addAll(it.rules()));
        return named;
    }

    private static DroolsScalingPolicy policy(List<Rule> rules) {
        return DroolsScalingPolicy.ofDocuments(rules, problem -> {
            throw new AssertionError(problem.toString());
        });
    }

    /** All counts of events that can be alive, as if all event rules fired in every window. */
    private static List<EventTally> tallies(List<Rule> rules, ResourceState state) {
        Set<String> never = named(rules, "can never fire: ");
        int up = 0;
        int down = 0;
        for (Rule rule : rules) {
            if (rule.generates().orElseThrow() == Rule.Generates.EVENTS && !never.contains(rule.name())) {
                up += rule.scaleEvents().up() * WINDOWS_ALIVE;
                down += rule.scaleEvents().down() * WINDOWS_ALIVE;
            }
        }
        var tallies = new ArrayList<EventTally>();
        for (int i = 0; i <= up; i++) {
            for (int j = 0; j <= down; j++) {
                if (i + j > 0) {
                    tallies.add(new EventTally(state, i, j));
                }
            }
        }
        return tallies;
    }

    @Provide
    Arbitrary<List<Rule>> ruleSets() {
        Arbitrary<Rule> rules = Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.of("up", "down"),
                        comparisons("cpu.structure.cpu.usage", "cpu.limits.cpu.upper", "cpu.limits.cpu.lower"),
                        comparisons("events.scale.up", "events.scale.down"))
                .as((isEvent, direction, ofState, ofCounts) ->
                        isEvent ? eventRule(direction, ofState) : requestRule(direction, ofCounts));
        return rules.list().ofMinSize(2).ofMaxSize(6).map(RuleSetCheckPropertiesTest::numbered);
    }

    private static List<Rule> numbered(List<Rule> rules) {
        var numbered = new ArrayList<Rule>();
        for (Rule rule : rules) {
            numbered.add(DocumentKind.RULES.read(rule.toJson().put("name", "rule " + numbered.size())));
        }
        return numbered;
    }

    private static Arbitrary<JsonNode> comparisons(String... variables) {
        Arbitrary<JsonNode> named =
                Arbitraries.of(variables).map(name -> JSON.objectNode().put("var", name));
        Arbitrary<JsonNode> either =
                Arbitraries.oneOf(named, Arbitraries.integers().between(0, 7).map(JSON::numberNode));
        return Combinators.combine(Arbitraries.of("<", "<=", ">", ">=", "==", ">=", ">"), named, either)
                .as((symbol, left, right) -> JSON.objectNode()
                        .<JsonNode>set(symbol, JSON.arrayNode().add(left).add(right)))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(all -> JSON.objectNode().set("and", JSON.arrayNode().addAll(all)));
    }

    private static Rule eventRule(String direction, JsonNode condition) {
        ObjectNode json = document(condition).put("generates", "events");
        json.putObject("action").putObject("events").putObject("scale").put(direction, 1);
        return DocumentKind.RULES.read(json);
    }

    private static Rule requestRule(String direction, JsonNode condition) {
        return DocumentKind.RULES.read(document(condition)
                .put("generates", "requests")
                .put("events_to_remove", 1)
                .put("amount", 75)
                .put("rescale_policy", "amount")
                .put("rescale_type", direction));
    }

    private static ObjectNode document(JsonNode condition) {
        ObjectNode json = JSON.objectNode().put("name", "rule").put("resource", "cpu");
        json.set("rule", condition);
        return json;
    }

    @Provide
    Arbitrary<List<ResourceState>> manyStates() {
        return state().list().ofSize(20);
    }

    @Provide
    Arbitrary<ResourceState> state() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 20),
                        Arbitraries.longs().between(0, 20),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 40))
                .as((one, other, boundary, halves) -> {
                    long max = Math.max(one, other);
                    long current = Math.min(one, other);
                    long margin = Boundary.absolute(boundary).margin(max, current);
                    return new ResourceState(
                            "c",
                            Resource.CPU,
                            halves / 2.0,
                            max,
                            0,
                            current,
                            current - margin,
                            current - 2 * margin,
                            boundary,
                            margin);
                });
    }
}
