package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a policy promises beside the decisions themselves: parameters, threads, reuse. */
class DroolsScalingPolicyTest {
    private static final ResourceState CPU = Windows.bottleneck("c", Resource.CPU);

    @Test
    void parameters_change_what_is_enough_and_how_much_is_asked_for() {
        DroolsScalingPolicy calm = DroolsScalingPolicy.serverless(ServerlessParameters.builder()
                .toScaleUp(Resource.CPU, new EnoughEvents(4, 0))
                .amountUp(Resource.CPU, 10)
                .build());
        assertThat(requests(calm, new EventTally(CPU, 3, 0))).isEmpty();
        assertThat(requests(calm, new EventTally(CPU, 4, 1))).isEmpty();
        assertThat(requests(calm, new EventTally(CPU, 4, 0)))
                .containsExactly(new RequestRule("scale up by amount", Resource.CPU, Rescale.byAmount(10), 4, 0));
    }

    @Test
    void two_policies_with_other_parameters_do_not_disturb_each_other() {
        DroolsScalingPolicy hasty = DroolsScalingPolicy.serverless(ServerlessParameters.builder()
                .toScaleUp(Resource.CPU, new EnoughEvents(1, 0))
                .build());
        DroolsScalingPolicy stock = DroolsScalingPolicy.serverless();
        EventTally one = new EventTally(CPU, 1, 0);
        assertThat(requests(hasty, one)).hasSize(1);
        assertThat(requests(stock, one)).isEmpty();
        assertThat(requests(hasty, one)).hasSize(1);
    }

    @Test
    void a_resource_can_be_left_out_or_added() {
        ServerlessParameters parameters = ServerlessParameters.builder()
                .without(Resource.CPU)
                .amountUp(Resource.ENERGY, 15)
                .build();
        DroolsScalingPolicy policy = DroolsScalingPolicy.serverless(parameters);
        assertThat(policy.resources()).contains(Resource.ENERGY).doesNotContain(Resource.CPU);
        assertThat(Firing.events(policy, List.of(CPU))).isEmpty();
        assertThat(Firing.events(policy, List.of(Windows.bottleneck("c", Resource.ENERGY))))
                .hasSize(1);
    }

    @Test
    void an_idle_disk_is_underused_and_an_idle_processor_is_not() {
        DroolsScalingPolicy policy = DroolsScalingPolicy.serverless();
        assertThat(Firing.events(policy, List.of(idle(Resource.DISK_READ)))).hasSize(1);
        assertThat(Firing.events(policy, List.of(idle(Resource.CPU)))).isEmpty();
    }

    @Test
    void bad_parameters_are_refused_in_one_sentence() {
        assertThatThrownBy(() -> new EnoughEvents(0, 2)).hasMessage("events needed is 0, 1 or more is needed");
        assertThatThrownBy(() -> new EnoughEvents(2, -1))
                .hasMessage("opposing events tolerated is -1, 0 or more is needed");
        assertThatThrownBy(() -> ServerlessParameters.builder().amountUp(Resource.CPU, 0))
                .hasMessage("cpu amount up is 0 shares, 1 or more is needed");
        assertThatThrownBy(() -> ServerlessParameters.builder().throttledIsBottleneck(Resource.CPU, 0))
                .hasMessage("cpu throttled ratio that is a bottleneck is 0.0, more than 0 is needed");
        assertThatThrownBy(() -> ServerlessParameters.builder().throttledIsBottleneck(Resource.CPU, Double.NaN))
                .hasMessage("cpu throttled ratio that is a bottleneck is NaN, more than 0 is needed");
        assertThatThrownBy(() -> ServerlessParameters.stock().toScaleUp(Resource.ENERGY))
                .hasMessage("energy is not scaled by these parameters, one of [cpu, mem, disk_read, disk_write, net]"
                        + " is needed");
    }

    @Test
    void the_rules_in_the_file_are_named_as_their_results() throws Exception {
        try (var drl = DroolsScalingPolicy.class.getResourceAsStream("serverless.drl")) {
            String text = new String(drl.readAllBytes(), StandardCharsets.UTF_8);
            ServerlessParameters stock = ServerlessParameters.stock();
            assertThat(text)
                    .contains("rule \"" + stock.exceededUpper(Resource.CPU).name() + "\"")
                    .contains("rule \"" + stock.droppedLower(Resource.CPU).name() + "\"")
                    .contains(
                            "rule \"" + stock.signalledBottleneck(Resource.CPU).name() + "\"")
                    .contains("rule \"" + stock.scaleUp(Resource.CPU).name() + "\"")
                    .contains("rule \"" + stock.scaleDown(Resource.CPU).name() + "\"");
        }
    }

    @Test
    void what_the_receiver_throws_reaches_the_caller_and_the_policy_goes_on() {
        var boom = new IllegalStateException("no more");
        for (ScalingPolicy policy : both()) {
            assertThatThrownBy(() -> policy.detectEvents(List.of(CPU), (state, rule) -> {
                        throw boom;
                    }))
                    .isSameAs(boom);
            assertThat(Firing.events(policy, List.of(CPU))).hasSize(1);
        }
    }

    @Test
    void a_window_that_was_broken_off_leaves_nothing_to_the_next() {
        List<ResourceState> states = Windows.states(2_500, new Random(3));
        List<Firing> expected = states.stream()
                .flatMap(state -> StraightLine.events(state).stream())
                .toList();
        var boom = new IllegalStateException("no more");
        for (ScalingPolicy policy : both()) {
            var untilBoom = new AtomicInteger(expected.size() / 2);
            assertThatThrownBy(() -> policy.detectEvents(states, (state, rule) -> {
                        if (untilBoom.decrementAndGet() == 0) {
                            throw boom;
                        }
                    }))
                    .isSameAs(boom);
            assertThat(Firing.events(policy, states)).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void policies_on_two_threads_decide_as_alone() throws Exception {
        List<ResourceState> states = Windows.states(3_000, new Random(1));
        List<EventTally> tallies = Windows.tallies(states, new Random(2));
        List<Firing> events = states.stream()
                .flatMap(state -> StraightLine.events(state).stream())
                .toList();
        List<Firing> requests = tallies.stream()
                .flatMap(tally -> StraightLine.requests(tally).stream())
                .toList();
        var threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (ScalingPolicy policy : List.of(DroolsScalingPolicy.serverless(), DroolsScalingPolicy.serverless())) {
                work.add(() -> {
                    for (int window = 0; window < 20; window++) {
                        assertThat(Firing.events(policy, states)).hasSameSizeAs(events);
                        assertThat(Firing.requests(policy, tallies)).hasSameSizeAs(requests);
                    }
                    assertThat(Firing.events(policy, states)).containsExactlyInAnyOrderElementsOf(events);
                    assertThat(Firing.requests(policy, tallies)).containsExactlyInAnyOrderElementsOf(requests);
                    return true;
                });
            }
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static List<ScalingPolicy> both() {
        return List.of(
                DroolsScalingPolicy.serverless(), DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
                    throw new AssertionError(problem.toString());
                }));
    }

    private static ResourceState idle(Resource resource) {
        return new ResourceState("c", resource, 0, 400, 20, 100, 90, 80, 10, 10);
    }

    private static List<RequestRule> requests(ScalingPolicy policy, EventTally tally) {
        var rules = new ArrayList<RequestRule>();
        Firings<EventTally, RequestRule> told = (fact, rule) -> rules.add(rule);
        policy.decideRequests(List.of(tally), told);
        return rules;
    }
}
