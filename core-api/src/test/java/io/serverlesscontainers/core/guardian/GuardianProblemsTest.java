package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Thresholds that are repaired, and documents that cannot be. */
class GuardianProblemsTest extends GuardianStage {
    @Test
    void a_repair_is_written_back_with_unknown_fields_kept() {
        put(DocumentKind.STRUCTURES, structure("web-1"));
        read(
                DocumentKind.LIMITS,
                "{'name':'web-1','type':'limit','owner':'ops','resources':{'cpu':{'upper':399,'lower':7,'boundary':25,"
                        + "'note':'by hand'},'gpu':{'upper':1}}}");
        uses("web-1", 160);

        window(guardian());

        JsonNode written = plain(limits("web-1").toJson());
        assertThat(written.at("/resources/cpu"))
                .isEqualTo(json("{'upper':175,'lower':150,'boundary':25,'note':'by hand'}"));
        assertThat(written.at("/resources/gpu")).isEqualTo(json("{'upper':1}"));
        assertThat(written.path("owner").asText()).isEqualTo("ops");
        assertThat(decision().repaired()).isTrue();
    }

    @Test
    void a_valid_chain_is_not_written() {
        add("web-1");
        uses("web-1", 160);
        Guardian guardian = guardian();
        window(guardian);
        String revision = store.find(DocumentKind.LIMITS, "web-1").orElseThrow().revision();

        window(guardian);

        assertThat(store.find(DocumentKind.LIMITS, "web-1").orElseThrow().revision())
                .isEqualTo(revision);
        assertThat(decision().repaired()).isFalse();
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            nullValues = "-",
            value = {
                "'max':400,'min':50,'current':200|-|limits 'bad': there is no such document",
                "'max':400,'min':50,'current':200|'mem':{'boundary':1}|limits 'bad': /resources/cpu is missing",
                "'max':400,'min':50,'current':200|'cpu':7|"
                        + "limits 'bad': /resources/cpu is 7, a JSON object is needed",
                "'max':400,'min':50,'current':200|'cpu':{'upper':1}|"
                        + "limits 'bad': /resources/cpu/boundary is missing, a whole number from 0 on is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':-1}|"
                        + "limits 'bad': /resources/cpu/boundary is -1, an amount of 0 or more is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':101,'boundary_type':'percentage_of_max'}|"
                        + "limits 'bad': /resources/cpu/boundary is 101, a percentage from 0 to 100 is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':10,'boundary_type':'percent'}|limits 'bad': "
                        + "/resources/cpu/boundary_type is 'percent', percentage_of_max or percentage_of_current is needed",
                "'max':400,'min':50,'current':200|'cpu':{'boundary':'wide'}|"
                        + "limits 'bad': /resources/cpu/boundary is 'wide', a whole number is needed",
                "'min':50,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/max is missing, a whole number from 0 on is needed",
                "'max':'lots','min':50,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/max is 'lots', a whole number is needed",
                "'max':400,'min':50,'current':[1]|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/current is [1], a whole number is needed",
                "'max':400,'min':401,'current':200|'cpu':{'boundary':25}|"
                        + "structure 'bad': /resources/cpu/min is 401, more than max, which is 400"
            })
    void a_bad_document_is_one_problem_and_the_others_go_on(String cpu, String limits, String problem) {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'bad','subtype':'container','guard':true,'resources':{'cpu':{'guard':true," + cpu
                        + "},'mem':{'guard':true,'max':4096,'min':256,'current':1024}}}");
        if (limits != null) {
            String memory = limits.contains("mem") ? "" : ",'mem':{'upper':924,'lower':824,'boundary':100}";
            read(DocumentKind.LIMITS, "{'name':'bad','resources':{" + limits + memory + "}}");
        }
        add("good");
        usage.put("bad", Map.of(Resource.CPU, 180.0, Resource.MEMORY, 900.0));
        uses("good", 180);
        JsonNode structureBefore = stored(DocumentKind.STRUCTURES, "bad").toJson();
        JsonNode cpuBefore = limits == null ? null : limits("bad").toJson().at("/resources/cpu");

        GuardianWindow window = window(guardian());

        assertThat(window.problems())
                .extracting(it -> it.toString().replace('"', '\''))
                .containsExactly(problem);
        assertThat(decisions)
                .filteredOn(it -> it.outcome() == Outcome.SKIPPED)
                .extracting(it -> it.sentence().replace('"', '\''))
                .contains("bad cpu: " + problem.substring(problem.indexOf(": ") + 2));
        assertThat(window.states())
                .extracting(state -> state.structure() + " " + state.resource())
                .containsExactlyElementsOf(limits == null ? List.of("good cpu") : List.of("bad mem", "good cpu"));
        assertThat((JsonNode) stored(DocumentKind.STRUCTURES, "bad").toJson()).isEqualTo(structureBefore);
        if (limits != null) {
            assertThat(limits("bad").toJson().at("/resources/cpu")).isEqualTo(cpuBefore);
        }
    }

    @Test
    void an_unknown_resource_is_one_problem() {
        read(
                DocumentKind.STRUCTURES,
                "{'name':'web-1','subtype':'container','guard':true,'resources':{'gpu':{'guard':true,'max':1}}}");

        assertThat(window(guardian()).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "structure 'web-1': /resources/gpu is no resource; known are cpu, mem, disk_read, disk_write, net, energy");
    }

    @Test
    void a_guard_that_is_neither_true_nor_false_is_a_problem() {
        read(DocumentKind.STRUCTURES, "{'name':'web-1','subtype':'container','guard':'yes','resources':{}}");

        assertThat(window(guardian()).problems())
                .extracting(Problem::toString)
                .containsExactly("structure 'web-1': /guard is \"yes\", true or false is needed");
    }

    @Test
    void a_rule_that_fails_for_one_fact_is_a_problem_and_the_others_go_on() {
        add("bad");
        add("good");
        uses("bad", 180);
        uses("good", 180);
        var stock = new ThresholdPolicy();
        ScalingPolicy failing = new ScalingPolicy() {
            @Override
            public Set<Resource> resources() {
                return stock.resources();
            }

            @Override
            public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
                for (ResourceState state : states) {
                    if (state.structure().equals("bad")) {
                        firings.failed(state, "rule 'cpu_exceeded_upper' divides by zero");
                    } else {
                        stock.detectEvents(List.of(state), firings);
                    }
                }
            }

            @Override
            public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
                stock.decideRequests(tallies, firings);
            }
        };
        Guardian guardian = guardian(failing, settings());
        window(guardian);

        GuardianWindow second = window(guardian);

        assertThat(second.problems())
                .containsExactly(new Problem("container 'bad'", "rule 'cpu_exceeded_upper' divides by zero"));
        assertThat(second.requests()).extracting(ScalingRequest::structure).containsExactly("good");
    }

    @Test
    void rules_that_go_in_the_middle_of_a_window_are_missed_by_all_structures_or_none() {
        add("web-1");
        add("web-2");
        uses("web-1", 180);
        uses("web-2", 180);
        ScalingPolicy losingItsRules = new ScalingPolicy() {
            private Set<Resource> left = Set.of(Resource.CPU);

            @Override
            public Set<Resource> resources() {
                Set<Resource> now = left;
                left = Set.of();
                return now;
            }

            @Override
            public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {}

            @Override
            public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {}
        };
        Guardian guardian = guardian(losingItsRules, settings());

        assertThat(window(guardian).states()).hasSize(2);
        assertThat(window(guardian).states()).isEmpty();
    }
}
