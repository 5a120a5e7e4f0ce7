package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Whatever was in force before, sound documents decide as if they were the first. */
class RandomReloadTest {
    private static final Resource[] RESOURCES = {Resource.CPU, Resource.MEMORY};
    private static final List<ResourceState> STATES = Windows.states(60, new Random(5)).stream()
            .filter(state -> List.of(RESOURCES).contains(state.resource()))
            .toList();
    private static final List<EventTally> TALLIES = Windows.tallies(STATES, new Random(6));
    // The number goes where it can be lifted out of the condition, and in the list of 'in', where it cannot.
    private static final List<String> STATE_CONDITIONS = List.of(
            "{'>':[usage,%d]}",
            "{'and':[{'>':[usage,%d]},{'<':[usage,300]}]}",
            "{'<':[{'*':[usage,2]},%d]}",
            "{'in':[{'%%':[usage,10]},[%d,5]]}",
            "{'if':[{'>':[usage,100]},{'<':[usage,%d]},false]}");
    private static final List<String> TALLY_CONDITIONS =
            List.of("{'>=':[up,%d]}", "{'and':[{'>':[up,1]},{'<':[up,%d]}]}", "{'==':[{'+':[up,1]},%d]}");

    /** One change: a rule comes, goes, falls asleep or says something else. */
    record Edit(int rule, Resource resource, boolean isOff, boolean isAsleep, int condition, int number, int result) {
        void applyTo(Map<String, Rule> rules) {
            String name = "rule " + rule;
            if (isOff) {
                rules.remove(name);
                return;
            }
            Rule changed = rule % 2 == 0
                    ? Documents.eventRule(name, resource, filled(STATE_CONDITIONS, number * 40), result)
                    : Documents.requestRule(name, resource, filled(TALLY_CONDITIONS, number), result);
            rules.put(name, isAsleep ? Documents.inactive(changed) : changed);
        }

        private String filled(List<String> conditions, int with) {
            return String.format(conditions.get(condition % conditions.size()), with);
        }
    }

    @Property(tries = 100)
    void a_reloaded_policy_decides_as_a_fresh_one(@ForAll("edits") @Size(min = 1, max = 12) List<List<Edit>> reloads) {
        ReloadablePolicy reloadable = ReloadablePolicy.ofDocuments(List.of(), none -> {});
        var rules = new LinkedHashMap<String, Rule>();
        for (List<Edit> edits : reloads) {
            edits.forEach(edit -> edit.applyTo(rules));
            List<Rule> documents = new ArrayList<>(rules.values());
            assertThat(reloadable.replace(documents).refused()).isEmpty();
            DroolsScalingPolicy fresh = DroolsScalingPolicy.ofDocuments(documents, problem -> {
                throw new AssertionError(problem.toString());
            });
            assertThat(reloadable.resources()).isEqualTo(fresh.resources());
            assertThat(Firing.events(reloadable, STATES))
                    .containsExactlyInAnyOrderElementsOf(Firing.events(fresh, STATES));
            assertThat(Firing.requests(reloadable, TALLIES))
                    .containsExactlyInAnyOrderElementsOf(Firing.requests(fresh, TALLIES));
        }
    }

    @Provide
    Arbitrary<List<List<Edit>>> edits() {
        Arbitrary<Boolean> seldom = Arbitraries.of(true, false, false, false);
        return Combinators.combine(
                        Arbitraries.integers().between(0, 7),
                        Arbitraries.of(RESOURCES),
                        seldom,
                        seldom,
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(1, 3))
                .as(Edit::new)
                .list()
                .ofMaxSize(4)
                .list()
                .withoutEdgeCases();
    }
}
