package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** The stock policy, as DRL and as documents: both decide as the straight line does, for whatever facts. */
class StockPolicyTest {
    private static final ScalingPolicy DRL = DroolsScalingPolicy.serverless();
    private static final ScalingPolicy DOCUMENTS = DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
        throw new AssertionError(problem.toString());
    });

    @Property(tries = 25_000)
    void events_are_those_of_the_straight_line(@ForAll ResourceState state) {
        List<Firing> expected = StraightLine.events(state);
        assertThat(Firing.events(DRL, List.of(state))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(Firing.events(DOCUMENTS, List.of(state))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property(tries = 25_000)
    void requests_are_those_of_the_straight_line(@ForAll EventTally tally) {
        List<Firing> expected = StraightLine.requests(tally);
        assertThat(Firing.requests(DRL, List.of(tally))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(Firing.requests(DOCUMENTS, List.of(tally))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property(tries = 5_000)
    void nothing_is_requested_without_events(@ForAll ResourceState state) {
        List<EventTally> noEvents = List.of(new EventTally(state, 0, 0));
        assertThat(Firing.requests(DRL, noEvents)).isEmpty();
        assertThat(Firing.requests(DOCUMENTS, noEvents)).isEmpty();
    }

    @Property(tries = 5_000)
    void one_bottleneck_is_not_enough_for_a_processor(@ForAll ResourceState state) {
        boolean oneIsEnough = state.resource() == Resource.DISK_READ || state.resource() == Resource.DISK_WRITE;
        List<EventTally> oneEvent = List.of(new EventTally(state, 1, 0));
        assertThat(Firing.requests(DRL, oneEvent)).hasSize(oneIsEnough ? 1 : 0);
        assertThat(Firing.requests(DOCUMENTS, oneEvent)).hasSize(oneIsEnough ? 1 : 0);
    }

    @Property(tries = 1_000)
    void a_batch_decides_as_its_facts_one_by_one(@ForAll @Size(max = 40) List<ResourceState> states) {
        for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
            List<Firing> oneByOne = states.stream()
                    .flatMap(state -> Firing.events(policy, List.of(state)).stream())
                    .toList();
            assertThat(Firing.events(policy, states)).containsExactlyInAnyOrderElementsOf(oneByOne);
        }
    }

    @Property(tries = 1_000)
    void the_order_of_facts_does_not_matter(@ForAll @Size(max = 40) List<EventTally> tallies, @ForAll Random random) {
        var shuffled = new ArrayList<>(tallies);
        Collections.shuffle(shuffled, random);
        for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
            assertThat(Firing.requests(policy, shuffled))
                    .containsExactlyInAnyOrderElementsOf(Firing.requests(policy, tallies));
        }
    }

    @Example
    void batches_of_any_size_lose_and_repeat_nothing(@ForAll Random random) {
        for (int size : new int[] {0, 1, 999, 1_000, 1_001, 2_500}) {
            List<ResourceState> states = Windows.states(size, random);
            List<EventTally> tallies = Windows.tallies(states, random);
            List<Firing> events = states.stream()
                    .flatMap(state -> StraightLine.events(state).stream())
                    .toList();
            List<Firing> requests = tallies.stream()
                    .flatMap(tally -> StraightLine.requests(tally).stream())
                    .toList();
            for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
                assertThat(Firing.events(policy, states)).containsExactlyInAnyOrderElementsOf(events);
                assertThat(Firing.requests(policy, tallies)).containsExactlyInAnyOrderElementsOf(requests);
            }
        }
    }

    @Example
    void equal_facts_are_decided_each_for_itself() {
        ResourceState one = Windows.bottleneck("c", Resource.CPU);
        ResourceState other = Windows.bottleneck("c", Resource.CPU);
        assertThat(one).isEqualTo(other).isNotSameAs(other);
        for (ScalingPolicy policy : List.of(DRL, DOCUMENTS)) {
            assertThat(Firing.events(policy, List.of(one, other))).hasSize(2);
        }
    }

    @Example
    void both_scale_the_five_stock_resources() {
        assertThat(Stream.of(DRL, DOCUMENTS).map(ScalingPolicy::resources))
                .containsOnly(EnumSet.complementOf(EnumSet.of(Resource.ENERGY)));
    }
}
