package io.serverlesscontainers.core.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ScalingPolicy} promises, whatever its rules say. An implementation's test extends this class and
 * gives it policies; the facts are drawn from a fixed seed, around the thresholds where rules change their mind.
 */
public abstract class ScalingPolicyTck {
    private static final int STRUCTURES = 100;
    private static final int MOST_EVENTS = 12;
    private static final long SEED = 4_711;

    private ScalingPolicy policy;
    private List<ResourceState> states;
    private List<EventTally> tallies;

    /** The policy to test; asked for once per test, closed afterwards. It has at least one rule. */
    protected abstract ScalingPolicy createPolicy();

    @BeforeEach
    final void drawFacts() {
        policy = createPolicy();
        var random = new Random(SEED);
        states = new ArrayList<>();
        var drawn = new LinkedHashSet<EventTally>();
        for (int number = 0; number < STRUCTURES; number++) {
            for (Resource resource : Resource.values()) {
                ResourceState state = state("structure-" + number, resource, random);
                states.add(state);
                drawn.add(new EventTally(state, random.nextInt(MOST_EVENTS), random.nextInt(MOST_EVENTS)));
                drawn.add(new EventTally(state, random.nextInt(MOST_EVENTS), 0));
                drawn.add(new EventTally(state, 0, random.nextInt(MOST_EVENTS)));
            }
        }
        tallies = new ArrayList<>(drawn);
    }

    private static ResourceState state(String structure, Resource resource, Random random) {
        long margin = 1 + random.nextInt(30);
        long min = random.nextInt(50);
        long max = min + 4 * margin + random.nextInt(400);
        long current = random.nextInt(4) == 0 ? max : min + 2 * margin + random.nextInt((int) (2 * margin));
        long upper = current - margin;
        double usage = random.nextInt(10) == 0 ? 0 : random.nextDouble() * current * 1.1;
        return new ResourceState(structure, resource, usage, max, min, current, upper, upper - margin, margin, margin);
    }

    @AfterEach
    final void closePolicy() {
        policy.close();
    }

    @Test
    void itSaysNothingAboutNothing() {
        assertThat(events(List.of())).isEmpty();
        assertThat(requests(List.of())).isEmpty();
    }

    @Test
    void itHasRulesForAtLeastOneResource() {
        assertThat(policy.resources()).isNotEmpty();
    }

    @Test
    void anEventRuleFiresOnlyForFactsOfItsOwnResource() {
        Set<Resource> resources = policy.resources();
        for (Firing<ResourceState, EventRule> firing : events(states)) {
            assertThat(firing.rule().resource())
                    .as("resource of %s", firing.rule())
                    .isEqualTo(firing.fact().resource())
                    .isIn(resources);
        }
    }

    @Test
    void aRequestRuleFiresOnlyForFactsOfItsOwnResource() {
        Set<Resource> resources = policy.resources();
        for (Firing<EventTally, RequestRule> firing : requests(tallies)) {
            assertThat(firing.rule().resource())
                    .as("resource of %s", firing.rule())
                    .isEqualTo(firing.fact().resource())
                    .isIn(resources);
        }
    }

    @Test
    void itSaysNothingAboutResourcesThatItHasNoRulesFor() {
        Set<Resource> resources = policy.resources();
        var otherStates = states.stream()
                .filter(state -> !resources.contains(state.resource()))
                .toList();
        var otherTallies = tallies.stream()
                .filter(tally -> !resources.contains(tally.resource()))
                .toList();
        assertThat(events(otherStates)).isEmpty();
        assertThat(requests(otherTallies)).isEmpty();
    }

    @Test
    void itHandsBackTheVeryFactsThatItWasGiven() {
        Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
        given.addAll(states);
        given.addAll(tallies);
        assertThat(events(states)).allMatch(firing -> given.contains(firing.fact()));
        assertThat(requests(tallies)).allMatch(firing -> given.contains(firing.fact()));
    }

    @Test
    void noRuleFiresTwiceForOneFact() {
        assertThat(events(states)).doesNotHaveDuplicates();
        assertThat(requests(tallies)).doesNotHaveDuplicates();
    }

    @Test
    void theSameFactsGetTheSameAnswerAgain() {
        assertThat(events(states)).containsExactlyInAnyOrderElementsOf(events(states));
        assertThat(requests(tallies)).containsExactlyInAnyOrderElementsOf(requests(tallies));
    }

    @Test
    void anotherWindowInBetweenChangesNoAnswer() {
        var eventsBefore = events(states);
        var requestsBefore = requests(tallies);
        events(states.subList(0, states.size() / 2));
        requests(tallies.subList(tallies.size() / 2, tallies.size()));
        assertThat(events(states)).containsExactlyInAnyOrderElementsOf(eventsBefore);
        assertThat(requests(tallies)).containsExactlyInAnyOrderElementsOf(requestsBefore);
    }

    @Test
    void aBatchGetsTheSameAnswerAsItsFactsOneByOne() {
        var eventsOneByOne = states.stream()
                .flatMap(state -> events(List.of(state)).stream())
                .toList();
        var requestsOneByOne = tallies.stream()
                .flatMap(tally -> requests(List.of(tally)).stream())
                .toList();
        assertThat(events(states)).containsExactlyInAnyOrderElementsOf(eventsOneByOne);
        assertThat(requests(tallies)).containsExactlyInAnyOrderElementsOf(requestsOneByOne);
    }

    @Test
    void theOrderOfTheFactsDoesNotMatter() {
        var eventsBefore = events(states);
        var requestsBefore = requests(tallies);
        Collections.shuffle(states, new Random(SEED));
        Collections.shuffle(tallies, new Random(SEED));
        assertThat(events(states)).containsExactlyInAnyOrderElementsOf(eventsBefore);
        assertThat(requests(tallies)).containsExactlyInAnyOrderElementsOf(requestsBefore);
    }

    @Test
    void whatItExplainsIsWhatItDecides() {
        var events = events(states);
        for (ResourceState state : states) {
            requireSame(policy.explain(state), namesOf(events, state, EventRule::name));
        }
        var requests = requests(tallies);
        for (EventTally tally : tallies) {
            requireSame(policy.explain(tally), namesOf(requests, tally, RequestRule::name));
        }
    }

    /** No explanation is a policy that cannot tell, or has no such rules. */
    private static void requireSame(List<RuleExplanation> explained, List<String> fired) {
        if (!explained.isEmpty()) {
            assertThat(explained.stream().filter(RuleExplanation::held).map(RuleExplanation::rule))
                    .containsExactlyInAnyOrderElementsOf(fired);
        }
    }

    private static <F, R> List<String> namesOf(List<Firing<F, R>> firings, F fact, Function<R, String> name) {
        return firings.stream()
                .filter(firing -> firing.fact() == fact)
                .map(firing -> name.apply(firing.rule()))
                .toList();
    }

    @Test
    void explainingInTheMiddleOfAWindowChangesNoAnswer() {
        var undisturbed = events(states);
        var disturbed = new ArrayList<Firing<ResourceState, EventRule>>();
        policy.detectEvents(states, new Collected<>((fact, rule) -> {
            policy.explain(fact);
            policy.explain(new EventTally(fact, 1, 1));
            disturbed.add(new Firing<>(fact, rule));
        }));
        assertThat(disturbed).containsExactlyInAnyOrderElementsOf(undisturbed);
    }

    @Test
    void noRuleFailsOnSoundFacts() {
        policy.detectEvents(states, new Collected<>((fact, rule) -> {}));
        policy.decideRequests(tallies, new Collected<>((fact, rule) -> {}));
    }

    private List<Firing<ResourceState, EventRule>> events(List<ResourceState> facts) {
        var fired = new ArrayList<Firing<ResourceState, EventRule>>();
        policy.detectEvents(facts, new Collected<>((fact, rule) -> fired.add(new Firing<>(fact, rule))));
        return fired;
    }

    private List<Firing<EventTally, RequestRule>> requests(List<EventTally> facts) {
        var fired = new ArrayList<Firing<EventTally, RequestRule>>();
        policy.decideRequests(facts, new Collected<>((fact, rule) -> fired.add(new Firing<>(fact, rule))));
        return fired;
    }

    private record Firing<F, R>(F fact, R rule) {}

    private record Collected<F, R>(BiConsumer<F, R> sink) implements ScalingPolicy.Firings<F, R> {
        @Override
        public void fired(F fact, R rule) {
            sink.accept(fact, rule);
        }

        @Override
        public void failed(F fact, String sentence) {
            throw new AssertionError("a rule failed on " + fact + ": " + sentence);
        }
    }
}
