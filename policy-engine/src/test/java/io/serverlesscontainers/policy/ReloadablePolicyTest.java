package io.serverlesscontainers.policy;

import static io.serverlesscontainers.policy.Documents.eventRule;
import static io.serverlesscontainers.policy.Documents.inactive;
import static io.serverlesscontainers.policy.Documents.requestRule;
import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a change of the documents costs, when it comes into force, and what becomes of a bad one. */
class ReloadablePolicyTest {
    private static final ResourceState CPU = Windows.bottleneck("c", Resource.CPU);
    private static final ResourceState MEMORY = Windows.bottleneck("c", Resource.MEMORY);
    private static final EventTally CPU_TALLY = new EventTally(CPU, 2, 0);

    private static final Rule EVENT = eventRule("event", Resource.CPU, "{'>':[usage,90]}", 1);
    private static final Rule OTHER = eventRule("other", Resource.MEMORY, "{'>':[usage,90]}", 1);
    private static final Rule REQUEST = requestRule("request", Resource.CPU, "{'>=':[up,2]}", 75);
    private static final Rule BAD = eventRule("event", Resource.CPU, "{'frobnicate':[usage]}", 1);

    private final List<Problem> problems = new ArrayList<>();
    private final ReloadablePolicy policy = ReloadablePolicy.ofDocuments(List.of(EVENT, OTHER, REQUEST), problems::add);

    @Test
    void a_changed_amount_rebuilds_nothing() {
        Reload reload =
                policy.replace(List.of(EVENT, OTHER, requestRule("request", Resource.CPU, "{'>=':[up,2]}", 100)));
        assertThat(reload).isEqualTo(new Reload(0, 3, List.of()));
        assertThat(fired()).containsExactly("event 1");
        assertThat(requested()).containsExactly("request 100");
    }

    @Test
    void a_changed_number_in_a_condition_rebuilds_nothing() {
        Reload reload = policy.replace(List.of(
                eventRule("event", Resource.CPU, "{'>':[usage,99]}", 1),
                OTHER,
                requestRule("request", Resource.CPU, "{'>=':[up,3]}", 75)));
        assertThat(reload).isEqualTo(new Reload(0, 3, List.of()));
        assertThat(fired()).isEmpty();
        assertThat(requested()).isEmpty();
    }

    @Test
    void a_changed_condition_rebuilds_the_rules_of_its_resource_and_kind() {
        Reload reload =
                policy.replace(List.of(eventRule("event", Resource.CPU, "{'<':[usage,90]}", 1), OTHER, REQUEST));
        assertThat(reload).isEqualTo(new Reload(1, 2, List.of()));
        assertThat(fired()).isEmpty();
        assertThat(requested()).containsExactly("request 75");
    }

    @Test
    void a_new_rule_rebuilds_the_rules_of_its_resource_and_kind() {
        Reload reload =
                policy.replace(List.of(EVENT, OTHER, REQUEST, eventRule("new", Resource.CPU, "{'<':[1,usage]}", 7)));
        assertThat(reload).isEqualTo(new Reload(1, 2, List.of()));
        assertThat(fired()).containsExactlyInAnyOrder("event 1", "new 7");
    }

    @Test
    void a_rule_that_is_removed_or_set_inactive_is_off() {
        assertThat(policy.replace(List.of(OTHER, REQUEST))).isEqualTo(new Reload(0, 2, List.of()));
        assertThat(fired()).isEmpty();
        policy.replace(List.of(EVENT, OTHER, REQUEST));
        assertThat(fired()).hasSize(1);
        assertThat(policy.replace(List.of(inactive(EVENT), OTHER, REQUEST))).isEqualTo(new Reload(0, 2, List.of()));
        assertThat(fired()).isEmpty();
    }

    @Test
    void the_order_of_the_documents_does_not_matter() {
        List<Rule> rules = new ArrayList<>(StockRules.documents());
        policy.replace(rules);
        Collections.reverse(rules);
        assertThat(policy.replace(rules).groupsRebuilt()).isZero();
    }

    @Test
    void a_refused_version_leaves_the_last_good_one_in_force() {
        policy.replace(List.of(eventRule("event", Resource.CPU, "{'>':[usage,90]}", 2), OTHER, REQUEST));
        Reload reload = policy.replace(List.of(BAD, OTHER, requestRule("request", Resource.CPU, "{'>=':[up,2]}", 80)));
        assertThat(reload.groupsRebuilt()).isZero();
        assertThat(reload.groupsReused()).isEqualTo(3);
        assertThat(reload.refused()).hasSize(1);
        assertThat(reload.refused().get(0).toString())
                .startsWith("rule 'event': /rule/frobnicate has the unknown operator 'frobnicate', one of ")
                .endsWith(" is needed; the last good version stays in force");
        assertThat(fired()).containsExactly("event 2");
        assertThat(requested()).containsExactly("request 80");
        assertThat(policy.replace(List.of(BAD, OTHER, REQUEST)).refused()).isEqualTo(reload.refused());
        assertThat(fired()).containsExactly("event 2");
    }

    @Test
    void a_refused_version_that_is_inactive_is_off_without_a_word() {
        assertThat(policy.replace(List.of(inactive(BAD), OTHER, REQUEST)).refused())
                .isEmpty();
        assertThat(fired()).isEmpty();
        assertThat(policy.replace(List.of(BAD, OTHER, REQUEST)).refused().get(0).sentence())
                .endsWith(" is needed");
        assertThat(fired()).isEmpty();
    }

    @Test
    void a_rule_that_was_removed_has_no_last_good_version() {
        policy.replace(List.of(OTHER, REQUEST));
        policy.replace(List.of(BAD, OTHER, REQUEST));
        assertThat(fired()).isEmpty();
    }

    @Test
    void at_the_start_there_is_no_last_good_version() {
        ReloadablePolicy fresh = ReloadablePolicy.ofDocuments(List.of(BAD, OTHER), problems::add);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).sentence()).endsWith(" is needed");
        assertThat(fired(fresh, CPU, MEMORY)).containsExactly("other 1");
        assertThat(fresh.replace(List.of(EVENT, OTHER)).refused()).isEmpty();
        assertThat(fired(fresh, CPU, MEMORY)).containsExactlyInAnyOrder("event 1", "other 1");
    }

    @Test
    void a_version_may_move_to_another_resource_or_kind() {
        policy.replace(List.of(eventRule("event", Resource.MEMORY, "true", 3), REQUEST));
        assertThat(fired(policy, CPU, MEMORY)).containsExactly("event 3");
        policy.replace(List.of(requestRule("event", Resource.CPU, "true", 30)));
        assertThat(fired(policy, CPU, MEMORY)).isEmpty();
        assertThat(requested()).containsExactly("event 30");
    }

    @Test
    void of_two_with_one_name_the_first_counts() {
        Reload reload = policy.replace(List.of(eventRule("event", Resource.CPU, "true", 5), EVENT));
        assertThat(reload.refused())
                .extracting(Problem::sentence)
                .containsExactly("/name is 'event', which another active rule has");
        assertThat(fired()).containsExactly("event 5");
    }

    @Test
    void a_window_keeps_its_rules_to_its_end() {
        assertThat(fired()).containsExactly("event 1");
        policy.replace(List.of(
                eventRule("event", Resource.CPU, "{'>':[usage,90]}", 2),
                requestRule("request", Resource.CPU, "{'>=':[up,2]}", 100)));
        assertThat(requested()).containsExactly("request 75");
        assertThat(fired()).containsExactly("event 2");
        assertThat(requested()).containsExactly("request 100");
    }

    @Test
    void a_replacement_from_within_a_window_waits_for_the_next_one() {
        var seen = new ArrayList<String>();
        policy.detectEvents(List.of(CPU, MEMORY), (state, rule) -> {
            policy.replace(List.of(
                    eventRule("event", Resource.CPU, "true", 2), eventRule("other", Resource.MEMORY, "true", 2)));
            seen.add(rule.name() + " " + rule.scale().up());
        });
        assertThat(seen).containsExactlyInAnyOrder("event 1", "other 1");
        assertThat(fired(policy, CPU, MEMORY)).containsExactlyInAnyOrder("event 2", "other 2");
    }

    @Test
    void the_resources_are_those_of_the_next_window() {
        assertThat(policy.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
        policy.replace(List.of(EVENT, eventRule("net", Resource.NET, "true", 1)));
        assertThat(policy.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.NET);
        assertThat(fired(policy, Windows.bottleneck("c", Resource.NET))).containsExactly("net 1");
    }

    private List<String> fired() {
        return fired(policy, CPU);
    }

    private static List<String> fired(ReloadablePolicy policy, ResourceState... states) {
        var fired = new ArrayList<String>();
        policy.detectEvents(
                List.of(states),
                (state, rule) -> fired.add(rule.name() + " " + rule.scale().up()));
        return fired;
    }

    private List<String> requested() {
        var requested = new ArrayList<String>();
        policy.decideRequests(
                List.of(CPU_TALLY),
                (tally, rule) ->
                        requested.add(rule.name() + " " + rule.rescale().amount()));
        return requested;
    }
}
