package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Resource;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules of one's own can do. */
@Tag("drl-compiler")
class DrlPolicyTest {
    private static final ResourceState BUSY_CPU = Windows.bottleneck("a", Resource.CPU);
    private static final ResourceState BUSY_MEMORY = Windows.bottleneck("a", Resource.MEMORY);
    private static final ResourceState IDLE_CPU = idle("b");

    @Test
    void the_stock_rules_decide_the_same_when_they_are_somebodys_own() throws Exception {
        String text;
        try (var drl = DroolsScalingPolicy.class.getResourceAsStream("serverless.drl")) {
            text = new String(drl.readAllBytes(), StandardCharsets.UTF_8);
        }
        ServerlessParameters stock = ServerlessParameters.stock();
        ScalingPolicy own = DrlPolicy.of(
                text.replace(
                        "package io.serverlesscontainers.policy",
                        "package my.policy\nimport io.serverlesscontainers.policy.ServerlessParameters"),
                Map.of("parameters", stock),
                stock.resources());
        List<ResourceState> states = Windows.states(3_000, new Random(5));
        List<EventTally> tallies = Windows.tallies(states, new Random(6));

        assertThat(Firing.events(own, states))
                .containsExactlyInAnyOrderElementsOf(Firing.events(DroolsScalingPolicy.serverless(), states));
        assertThat(Firing.requests(own, tallies))
                .containsExactlyInAnyOrderElementsOf(Firing.requests(DroolsScalingPolicy.serverless(), tallies));
    }

    @Test
    void a_rule_may_join_the_facts_of_a_window() {
        ScalingPolicy policy = DrlPolicy.of(Drl.text(Drl.eventRule("both tight", """
                $state : ResourceState( resource == Resource.CPU, usage > upper )
                    ResourceState( structure == $state.structure, resource == Resource.MEMORY, usage > upper )""")));
        assertThat(Answer.events(policy, List.of(BUSY_CPU, BUSY_MEMORY, Windows.bottleneck("b", Resource.CPU)))
                        .fired())
                .containsExactly("both tight: a cpu");
    }

    @Test
    void nothing_of_the_kind_means_nothing_in_the_whole_window() {
        ScalingPolicy policy = DrlPolicy.of(
                Drl.text(Drl.eventRule("calm", "$state : ResourceState()\n    not ResourceState( usage > upper )")));
        List<ResourceState> calm =
                IntStream.range(0, 2_500).mapToObj(i -> idle("c" + i)).toList();
        List<ResourceState> oneIsBusy =
                Stream.concat(calm.stream(), Stream.of(BUSY_CPU)).toList();
        assertThat(Answer.events(policy, calm).fired()).hasSize(2_500);
        assertThat(Answer.events(policy, oneIsBusy).fired()).isEmpty();
        assertThat(Answer.events(policy, calm).fired()).hasSize(2_500);
    }

    @Test
    void a_sum_is_one_over_the_whole_window() {
        ScalingPolicy policy = DrlPolicy.of(
                Drl.text("global Double most\n", Drl.eventRule("full", """
                        $state : ResourceState( structure == "c7" )
                            accumulate( ResourceState( $used : usage ); $sum : sum( $used ); $sum > most )""")),
                Map.of("most", 24_999.5),
                Set.of(Resource.CPU));
        List<ResourceState> states =
                IntStream.range(0, 2_500).mapToObj(i -> idle("c" + i)).toList();
        assertThat(Answer.events(policy, states).fired()).containsExactly("full: c7 cpu");
        assertThat(Answer.events(policy, states.subList(0, 2_499)).fired()).isEmpty();
    }

    @Test
    void request_rules_see_the_tallies_of_the_whole_window() {
        ScalingPolicy policy = DrlPolicy.of(Drl.text("""
                rule "down together"
                when
                    $tally : EventTally( down >= 8 )
                    not EventTally( up > 0 )
                then
                    firings.fired($tally, new RequestRule("down together", $tally.resource(), Rescale.fitToUsage(), 8, 0));
                end
                """));
        var idle = new EventTally(IDLE_CPU, 0, 8);
        assertThat(Answer.requests(policy, List.of(idle)).fired()).containsExactly("down together: b cpu");
        assertThat(Answer.requests(policy, List.of(idle, new EventTally(BUSY_CPU, 1, 0)))
                        .fired())
                .isEmpty();
    }

    @Test
    void rules_call_the_objects_they_are_given() {
        var counter = new AtomicInteger();
        ScalingPolicy policy = DrlPolicy.of(
                Drl.text(
                        "global java.util.concurrent.atomic.AtomicInteger counter\n",
                        "rule \"count\" when ResourceState( usage > upper ) then counter.incrementAndGet(); end\n"),
                Map.of("counter", counter),
                EnumSet.allOf(Resource.class));
        assertThat(Answer.events(policy, List.of(BUSY_CPU, BUSY_MEMORY, IDLE_CPU)))
                .isEqualTo(new Answer(List.of(), List.of()));
        assertThat(counter).hasValue(2);
    }

    @Test
    void classes_are_those_of_the_calling_thread() {
        String text = Drl.text(Drl.eventRule("any", "$state : ResourceState()"));
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try {
            thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
            assertThatThrownBy(() -> DrlPolicy.of(text))
                    .isInstanceOf(DrlException.class)
                    .hasMessageContaining("Unable to find class 'Firings'");
            thread.setContextClassLoader(null);
            assertThat(Answer.events(DrlPolicy.of(text), List.of(BUSY_CPU)).fired())
                    .containsExactly("any: a cpu");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void rules_may_build_on_what_others_insert_and_forget_it_with_the_window() {
        ScalingPolicy policy = DrlPolicy.of(Drl.text(
                "declare Busy structure : String end\n",
                "rule \"see\" when $s : ResourceState( usage > upper ) then insert(new Busy($s.structure())); end\n",
                Drl.eventRule("busy", "Busy( $name : structure )\n    $state : ResourceState( structure == $name )")));
        assertThat(Answer.events(policy, List.of(BUSY_CPU, IDLE_CPU)).fired()).containsExactly("busy: a cpu");
        assertThat(Answer.events(policy, List.of(idle("a"), IDLE_CPU)).fired()).isEmpty();
    }

    @Test
    void rules_see_only_resources_that_they_are_for() {
        String any = Drl.text(Drl.eventRule("any", "$state : ResourceState()"));
        ScalingPolicy policy = DrlPolicy.of(any, Map.of(), Set.of(Resource.MEMORY));
        assertThat(policy.resources()).containsExactly(Resource.MEMORY);
        assertThat(Answer.events(policy, List.of(BUSY_CPU, BUSY_MEMORY)).fired())
                .containsExactly("any: a mem");
        assertThat(DrlPolicy.of(any).resources()).containsExactly(Resource.values());
        assertThatThrownBy(() -> DrlPolicy.of(any, Map.of(), Set.of()))
                .hasMessage("DRL text is given no resources, at least one is needed");
    }

    @Test
    void what_is_told_twice_counts_once() {
        ScalingPolicy policy = DrlPolicy.of(
                Drl.text(Drl.eventRule("not alone", "$state : ResourceState()\n    ResourceState( this != $state )")));
        assertThat(Answer.events(policy, List.of(BUSY_CPU, BUSY_MEMORY, IDLE_CPU))
                        .fired())
                .containsExactly("not alone: a cpu", "not alone: a mem", "not alone: b cpu");
    }

    @Test
    void on_top_of_the_stock_rules_both_are_heard() {
        ScalingPolicy policy = DroolsScalingPolicy.serverless()
                .and(DrlPolicy.of(
                        Drl.text(
                                Drl.eventRule("more", "$state : ResourceState( usage > upper )"),
                                "rule \"broken\" when ResourceState() then throw new RuntimeException(\"no\"); end\n"),
                        Map.of(),
                        Set.of(Resource.CPU, Resource.ENERGY)));
        assertThat(policy.resources()).containsExactlyInAnyOrder(Resource.values());
        Answer answer = Answer.events(policy, List.of(BUSY_CPU, BUSY_MEMORY));
        assertThat(answer.fired())
                .containsExactlyInAnyOrder("exceeded upper: a cpu", "exceeded upper: a mem", "more: a cpu");
        assertThat(answer.failed()).containsExactly("a cpu: rule 'broken' failed: no");
    }

    @Test
    void what_the_receiver_throws_reaches_the_caller_and_the_policy_goes_on() {
        ScalingPolicy policy = DrlPolicy.of(Drl.text(Drl.eventRule("any", "$state : ResourceState()")));
        var boom = new IllegalStateException("no more");
        assertThatThrownBy(() -> policy.detectEvents(List.of(BUSY_CPU), (state, rule) -> {
                    throw boom;
                }))
                .isSameAs(boom);
        assertThat(Answer.events(policy, List.of(BUSY_CPU)).fired()).containsExactly("any: a cpu");
    }

    @Test
    void two_thousand_windows_leave_no_fact_behind() {
        ScalingPolicy policy = DrlPolicy.of(Drl.text(
                Drl.eventRule("tight", "$state : ResourceState( usage > upper )"),
                Drl.eventRule("join", "$state : ResourceState()\n    not ResourceState( usage > $state.usage )")));
        var facts = new ArrayList<WeakReference<ResourceState>>();
        for (int window = 0; window < 2_000; window++) {
            List<ResourceState> states = List.of(Windows.bottleneck("a" + window, Resource.CPU), idle("b" + window));
            states.forEach(state -> facts.add(new WeakReference<>(state)));
            assertThat(Answer.events(policy, states).fired()).hasSize(2);
        }
        await().until(() -> {
            System.gc();
            return facts.stream().noneMatch(fact -> fact.get() != null);
        });
        assertThat(Answer.events(policy, List.of(BUSY_CPU)).fired()).hasSize(2);
    }

    @Test
    void a_file_is_read_once(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("guard.drl");
        assertThatThrownBy(() -> DrlPolicy.ofFile(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("rules '" + file + "' cannot be read");
        Files.writeString(file, Drl.text(Drl.eventRule("any", "$state : ResourceState()")));
        ScalingPolicy policy = DrlPolicy.ofFile(file);
        Files.writeString(file, "nonsense");
        assertThat(Answer.events(policy, List.of(BUSY_CPU)).fired()).containsExactly("any: a cpu");
        assertThatThrownBy(() -> DrlPolicy.ofFile(file))
                .isInstanceOf(DrlException.class)
                .hasMessageStartingWith(file + " cannot be used: line 1");
    }

    private static ResourceState idle(String structure) {
        return new ResourceState(structure, Resource.CPU, 10, 400, 20, 100, 90, 80, 10, 10);
    }
}
