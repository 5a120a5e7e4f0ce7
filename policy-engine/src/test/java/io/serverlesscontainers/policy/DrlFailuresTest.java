package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that throw: told with their names, and the others go on. */
@Tag("drl-compiler")
class DrlFailuresTest {
    // In the words of whatever JDK runs.
    private static final String BEYOND_THE_END = beyondTheEnd();
    private static final List<ResourceState> WINDOW = List.of(
            Windows.bottleneck("a", Resource.CPU),
            Windows.bottleneck("bb", Resource.CPU),
            Windows.bottleneck("c", Resource.CPU));
    private static final String SOUND = Drl.eventRule("sound", "$state : ResourceState()");
    private static final List<String> ALL_OF_SOUND = List.of("sound: a cpu", "sound: bb cpu", "sound: c cpu");

    @Test
    void a_consequence_that_throws_stops_nothing_else() {
        Answer answer = answer("""
                rule "broken"
                when
                    $state : ResourceState()
                then
                    $state.structure().substring(2).charAt(0);
                end
                rule "only for bb"
                when
                    $state : ResourceState()
                then
                    if (!$state.structure().equals("bb")) throw new IllegalStateException("not bb");
                    firings.fired($state, new EventRule("only for bb", $state.resource(), ScaleEvents.UP));
                end
                """, SOUND);
        assertThat(answer.fired())
                .containsAll(ALL_OF_SOUND)
                .contains("only for bb: bb cpu")
                .hasSize(4);
        assertThat(answer.failed())
                .hasSize(5)
                .contains("a cpu: rule 'only for bb' failed: not bb", "c cpu: rule 'only for bb' failed: not bb")
                .filteredOn(failure -> failure.startsWith("bb cpu: rule 'broken' failed: "))
                .hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "$state : ResourceState( structure.substring(2) == \"\" )",
                "$state : ResourceState()\n    ResourceState( structure == $state.structure.substring(2) )",
                "$state : ResourceState()\n    not ResourceState( structure == $state.structure.substring(2) )",
                "$state : ResourceState()\n    accumulate( ResourceState( $name : structure.substring(2) );"
                        + " $count : count( $name ) )",
                "$state : ResourceState()\n    String() from $state.structure().substring(2)"
            })
    void a_condition_that_throws_leaves_out_its_rule(String condition) {
        Answer answer = answer(Drl.eventRule("broken", condition), SOUND);
        assertThat(answer.fired()).containsExactlyElementsOf(ALL_OF_SOUND);
        assertThat(answer.failed())
                .singleElement()
                .asString()
                .startsWith("a cpu: rule 'broken' failed: " + BEYOND_THE_END);
    }

    @Test
    void all_rules_whose_conditions_throw_are_named() {
        Answer answer = answer(
                Drl.eventRule("first", "$state : ResourceState( structure.substring(2) == \"\" )"),
                SOUND,
                Drl.eventRule("second", "$state : ResourceState( structure.charAt(1) == 'b' )"));
        assertThat(answer.fired()).containsExactlyElementsOf(ALL_OF_SOUND);
        assertThat(answer.failed())
                .hasSize(2)
                .anyMatch(failure -> failure.contains("rule 'first' failed: "))
                .anyMatch(failure -> failure.contains("rule 'second' failed: "));
    }

    @Test
    void where_no_rule_can_be_blamed_none_is_heard() {
        Answer answer = answer(
                "rule \"insert\" when ResourceState( structure == \"bb\" ) then insert(\"b\"); end\n",
                "rule \"stumble\" when String( substring(2) == \"\" ) then end\n",
                SOUND);
        assertThat(answer.fired()).isEmpty();
        assertThat(answer.failed())
                .containsExactly(
                        "a cpu: no rule was evaluated, one of [insert, stumble, sound] failed: " + BEYOND_THE_END);
    }

    @Test
    void a_policy_goes_on_after_a_window_that_failed() {
        DrlPolicy policy = DrlPolicy.of(
                Drl.text(Drl.eventRule("two letters", "$state : ResourceState( structure.charAt(1) == 'b' )"), SOUND));
        List<ResourceState> harmless = WINDOW.subList(1, 2);
        var expected = new Answer(List.of("two letters: bb cpu", "sound: bb cpu"), List.of());
        for (int i = 0; i < 3; i++) {
            assertThat(Answer.events(policy, WINDOW).failed()).hasSize(1);
            assertThat(Answer.events(policy, harmless)).isEqualTo(expected);
        }
    }

    @Test
    void a_rule_may_tell_only_what_a_policy_may() {
        Answer answer = answer("""
                rule "other resource"
                when
                    $state : ResourceState( structure == "a" )
                then
                    firings.fired($state, new EventRule("e", Resource.MEMORY, ScaleEvents.UP));
                end
                rule "other fact"
                when
                    $state : ResourceState( structure == "bb" )
                then
                    firings.fired("bb", new EventRule("e", Resource.CPU, ScaleEvents.UP));
                end
                rule "other kind"
                when
                    $state : ResourceState( structure == "c" )
                then
                    firings.fired($state, new RequestRule("r", Resource.CPU, Rescale.fitToUsage(), 0, 0));
                end
                """, SOUND);
        assertThat(answer.fired()).containsExactlyElementsOf(ALL_OF_SOUND);
        assertThat(answer.failed())
                .containsExactlyInAnyOrder(
                        "a cpu: rule 'other resource' failed: it fired EventRule[name=e, resource=mem,"
                                + " scale=ScaleEvents[up=1, down=0]] for cpu",
                        "bb cpu: rule 'other fact' failed: it fired for bb, a ResourceState of this window is needed",
                        "c cpu: rule 'other kind' failed: it fired RequestRule[name=r, resource=cpu,"
                                + " rescale=" + Rescale.fitToUsage()
                                + ", eventsToRemove=0, priority=0] for a ResourceState, an EventRule is needed");
    }

    @Test
    void a_rule_may_report_a_failure_itself() {
        Answer answer = answer(
                "rule \"doubt\" when $s : ResourceState( structure == \"bb\" ) then firings.failed($s, \"who is bb?\"); end\n");
        assertThat(answer).isEqualTo(new Answer(List.of(), List.of("bb cpu: who is bb?")));
    }

    private static Answer answer(String... rules) {
        return Answer.events(DrlPolicy.of(Drl.text(rules)), WINDOW);
    }

    private static String beyondTheEnd() {
        return catchThrowable(() -> "a".substring(2)).getMessage();
    }
}
