package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.core.Container;
import io.serverlesscontainers.core.ScalingController;
import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bottlenecks that only the kernel sees, as a rule of {@code serverless.drl} and as rule documents. */
class SignalledBottleneckTest {
    private static final ScalingPolicy DRL = DroolsScalingPolicy.serverless();

    /** What an installation of rule documents adds to the stock ones for the same. */
    private static final List<Rule> DOCUMENTS = List.of(
            signalled("cpu", "cpu_throttled", "{'>=':[{'var':'cpu.structure.cpu.throttled'},0.5]}"),
            signalled("mem", "mem_oom_killed", "{'>':[{'var':'mem.structure.mem.oom_kills'},0]}"));

    private static final ScalingPolicy STOCK_AND_SIGNALS = documents();

    private static Rule signalled(String resource, String name, String signal) {
        String structure = resource + ".structure." + resource + ".";
        String json = "{'name':'" + name + "','resource':'" + resource + "','generates':'events',"
                + "'action':{'events':{'scale':{'up':1}}},'rule':{'and':["
                + "{'<=':[{'var':'" + structure + "usage'},{'var':'" + resource + ".limits." + resource + ".upper'}]},"
                + "{'<':[{'var':'" + structure + "current'},{'var':'" + structure + "max'}]},"
                + signal + "]}}";
        try {
            return DocumentKind.RULES.read(new JsonMapper().readTree(json.replace('\'', '"')));
        } catch (JsonProcessingException noJson) {
            throw new IllegalArgumentException(json, noJson);
        }
    }

    private static ScalingPolicy documents() {
        var all = new ArrayList<>(StockRules.documents());
        all.addAll(DOCUMENTS);
        return DroolsScalingPolicy.ofDocuments(all, problem -> {
            throw new AssertionError(problem.toString());
        });
    }

    @Provide
    Arbitrary<ResourceState> signalledStates() {
        Arbitrary<Double> ratios = Arbitraries.of(0.0, Math.nextDown(0.5), 0.5, 1.0);
        Arbitrary<Long> counts = Arbitraries.of(0L, 1L, 50L);
        return Combinators.combine(Facts.states(), ratios, ratios, counts, counts)
                .as((state, throttled, pressure, kills, hits) ->
                        with(state, new Signals(throttled, pressure, pressure, kills, hits)))
                .withoutEdgeCases();
    }

    @Property(tries = 10_000)
    void events_are_those_of_the_stock_policy_and_one_where_a_signal_tells(
            @ForAll("signalledStates") ResourceState state) {
        List<Firing> expected = new ArrayList<>(StraightLine.events(state));
        boolean throttled = state.resource() == Resource.CPU && state.signals().throttledRatio() >= 0.5;
        boolean killed = state.resource() == Resource.MEMORY && state.signals().oomKills() > 0;
        if ((throttled || killed) && state.usage() <= state.upper() && state.current() < state.max()) {
            expected.add(new Firing(state, List.of(state.resource(), ScaleEvents.UP)));
        }
        assertThat(Firing.events(DRL, List.of(state))).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(Firing.events(STOCK_AND_SIGNALS, List.of(state))).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Property(tries = 2_000)
    void no_window_counts_twice(@ForAll("signalledStates") ResourceState state) {
        Firing up = new Firing(state, List.of(state.resource(), ScaleEvents.UP));
        assertThat(Firing.events(DRL, List.of(state))).filteredOn(up::equals).hasSizeLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "{0} at {1} of 90, throttled {3}, {4} killed, threshold {5}: {6}")
    @CsvSource({
        "CPU,    85, 100, 0.5, 0, 0.5, signalled bottleneck",
        "CPU,    90, 100, 0.5, 0, 0.5, signalled bottleneck",
        "CPU,    91, 100, 0.5, 0, 0.5, exceeded upper",
        "CPU,    85, 100, 0.4, 0, 0.5,",
        "CPU,    85, 100, 0.4, 0, 0.3, signalled bottleneck",
        "CPU,    85, 400, 1.0, 0, 0.5,",
        "CPU,    85, 100, 1.0, 0, 1.1,",
        "CPU,    85, 100, 0.0, 9, 0.5,",
        "MEMORY, 85, 100, 0.0, 1, 0.5, signalled bottleneck",
        "MEMORY, 85, 100, 0.0, 0, 0.5,",
        "NET,    85, 100, 1.0, 1, 9.0,"
    })
    void by_hand(
            Resource resource,
            double usage,
            long current,
            double throttled,
            long killed,
            double threshold,
            String expected) {
        ScalingPolicy policy = DroolsScalingPolicy.serverless(ServerlessParameters.builder()
                .throttledIsBottleneck(resource, threshold)
                .build());
        Signals signals = Signals.NONE.withThrottledRatio(throttled).withOomKills(killed);
        var state = new ResourceState("c", resource, usage, 400, 20, current, 90, 80, 10, 10, signals);
        var fired = new ArrayList<String>();
        policy.detectEvents(List.of(state), (fact, rule) -> fired.add(rule.name()));
        assertThat(fired).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void an_oom_kill_counts_where_it_is_told_to() {
        ServerlessParameters parameters = ServerlessParameters.builder()
                .oomIsBottleneck(Resource.MEMORY, false)
                .oomIsBottleneck(Resource.NET, true)
                .build();
        ScalingPolicy policy = DroolsScalingPolicy.serverless(parameters);
        ResourceState memory = with(within(Resource.MEMORY), Signals.NONE.withOomKills(1));
        ResourceState net = with(within(Resource.NET), Signals.NONE.withOomKills(1));
        assertThat(Firing.events(policy, List.of(memory, net)))
                .extracting(Firing::fact)
                .containsExactly(net);
        assertThat(parameters.throttledIsBottleneck(Resource.CPU)).isEqualTo(0.5);
        assertThat(parameters.throttledIsBottleneck(Resource.NET)).isGreaterThan(1);
    }

    /**
     * Of each second the container wants 300 shares for 0.8 s and 100 for 0.2 s. A limit of 150 gives it 140 on average,
     * which is exactly upper, and throttles it in eight periods of ten.
     */
    @ParameterizedTest
    @CsvSource({"DRL, true", "DRL, false", "DOCUMENTS, true", "DOCUMENTS, false"})
    void a_throttled_container_scales_up_at_the_second_window_if_the_kernel_tells(String rules, boolean tells) {
        var clock = VirtualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        SimulatedHost host =
                SimulatedHost.builder().clock(clock).cpus(4).signals(tells).build();
        Duration window = Duration.ofSeconds(1);
        host.addContainer(
                "web",
                Map.of(
                        Resource.CPU,
                        Demand.phase(Duration.ofMillis(800), 300)
                                .then(Duration.ofMillis(200), 100)
                                .repeated()));
        host.apply("web", LimitChange.to(Resource.CPU, 150));
        var sentences = new ArrayList<String>();
        try (ScalingController controller = ScalingController.builder()
                .cgroups(host)
                .metrics(host)
                .policy(rules.equals("DRL") ? DroolsScalingPolicy.serverless() : documents())
                .clock(clock)
                .window(window)
                .onDecision(decision -> sentences.add(decision.sentence()))
                .build()) {
            controller.guard(Container.named("web").cpuShares(20, 400).boundary(Boundary.absolute(10)));
            clock.advance(window);
            controller.runOnce();
            assertThat(host.limits("web").limit(Resource.CPU)).hasValue(150);
            clock.advance(window);
            controller.runOnce();
            assertThat(host.limits("web").limit(Resource.CPU)).hasValue(tells ? 225 : 150);
            assertThat(sentences.get(0))
                    .startsWith(
                            tells
                                    ? "web cpu: usage 140.0 (throttled 80 %) is between lower 130 and upper 140; 1 up and 0"
                                    : "web cpu: usage 140.0 is between lower 130 and upper 140, nothing to do");
            for (int later = 0; later < 20 && !tells; later++) {
                clock.advance(window);
                controller.runOnce();
                assertThat(host.limits("web").limit(Resource.CPU)).hasValue(150);
            }
        }
    }

    private static ResourceState within(Resource resource) {
        return new ResourceState("c", resource, 85, 400, 20, 100, 90, 80, 10, 10);
    }

    private static ResourceState with(ResourceState state, Signals signals) {
        return new ResourceState(
                state.structure(),
                state.resource(),
                state.usage(),
                state.max(),
                state.min(),
                state.current(),
                state.upper(),
                state.lower(),
                state.boundary(),
                state.margin(),
                signals);
    }
}
