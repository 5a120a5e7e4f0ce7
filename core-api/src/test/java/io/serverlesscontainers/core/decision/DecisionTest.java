package io.serverlesscontainers.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.decision.GuardianDecision.Outcome;
import io.serverlesscontainers.core.spi.ConditionExplanation;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Decisions as sentences, as JSON, and with their rules. */
class DecisionTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:05.250Z");
    private static final ResourceState STATE =
            new ResourceState("web-1", Resource.CPU, 95.5, 400, 20, 100, 90, 80, 10, 10);

    @Test
    void a_guardian_decision_is_told_field_by_field() {
        var rule = new RequestRule("up", Resource.CPU, Rescale.byAmount(75), 2, 0);
        var decision = new GuardianDecision(
                AT,
                "web-1",
                Resource.CPU,
                Outcome.REQUESTED,
                Optional.of(STATE),
                true,
                List.of("exceeded upper"),
                2,
                1,
                Optional.of(rule),
                75,
                70,
                2,
                "");
        assertThat(decision.toJson()).hasToString("""
                        {"by":"guardian","at":"2026-01-01T00:00:05.250Z","structure":"web-1","resource":"cpu",\
                        "outcome":"requested","explanation":"usage 95.5 is above upper 90; 2 up and 1 down events make \
                        up hold: request +70 shares, limit 100 to 170 (trimmed from +75)",\
                        "state":{"usage":95.5,"max":400,"min":20,"current":100,"upper":90,"lower":80,"boundary":10,\
                        "margin":10},"repaired":true,"event_rules":["exceeded upper"],"events":{"up":2,"down":1},\
                        "rule":"up","proposed":75,"amount":70,"events_consumed":2}""");
    }

    @Test
    void a_field_that_has_nothing_to_say_is_left_out() {
        assertThat(noUsage().toJson()).hasToString("""
                        {"by":"guardian","at":"2026-01-01T00:00:05.250Z","structure":"web-1","resource":"cpu",\
                        "outcome":"no_usage","explanation":"no sample in the window"}""");
    }

    @Test
    void a_scaler_decision_is_told_field_by_field() {
        var applied = new ScalerDecision(
                AT,
                "web-1",
                Resource.CPU,
                ScalerDecision.Outcome.PARTIAL,
                75,
                OptionalLong.of(100),
                OptionalLong.of(175),
                OptionalLong.of(150),
                Optional.of(CpuSet.of(0, 1, 3)),
                "the host has 50 free");
        assertThat(applied.toJson()).hasToString("""
                        {"by":"scaler","at":"2026-01-01T00:00:05.250Z","structure":"web-1","resource":"cpu",\
                        "outcome":"partial","explanation":"the host has 50 free","requested":75,"from":100,"wanted":175,\
                        "applied":150,"cpus":"0-1,3"}""");
    }

    @Test
    void an_explained_decision_adds_its_rules() {
        ExplainedDecision explained = decision(Outcome.NOT_ENOUGH_EVENTS, 1, 0).explainedBy(new Talkative());
        assertThat(explained.sentence())
                .isEqualTo("web-1 cpu: usage 95.5 is above upper 90; 1 up and 0 down events make no rule hold;"
                        + " rule 'above' holds: usage > upper is true (usage 95.5);"
                        + " rule 'enough' does not hold: up >= 2 is false (up 1)");
        assertThat(explained.toJson().get("outcome").textValue()).isEqualTo("not_enough_events");
        assertThat(explained.toJson().get("rules")).hasToString("""
                [{"rule":"above","resource":"cpu","generates":"events","held":true,\
                "conditions":[{"condition":"usage > upper","held":true,"values":{"usage":95.5}}]},\
                {"rule":"enough","resource":"cpu","generates":"requests","held":false,\
                "conditions":[{"condition":"up >= 2","held":false,"values":{"up":1}}]}]""");
        assertThat(explained.isScaling()).isFalse();
        assertThat(explained.at()).isEqualTo(AT);
    }

    @Test
    void only_rules_that_were_asked_are_explained() {
        assertThat(rules(decision(Outcome.WITHIN_LIMITS, 0, 0))).containsExactly("above");
        assertThat(rules(decision(Outcome.NOT_ENOUGH_EVENTS, 0, 3))).containsExactly("above", "enough");
        assertThat(rules(decision(Outcome.OBSERVED, 0, 0))).isEmpty();
        assertThat(rules(noUsage())).isEmpty();
        assertThat(noUsage().explainedBy(new Talkative()).sentence()).isEqualTo("web-1 cpu: no sample in the window");
    }

    @Test
    void a_policy_that_cannot_tell_leaves_the_decision_as_it_is() {
        GuardianDecision decision = decision(Outcome.NOT_ENOUGH_EVENTS, 1, 0);
        ExplainedDecision explained = decision.explainedBy(new ThresholdPolicy());
        assertThat(explained.rules()).isEmpty();
        assertThat(explained.sentence()).isEqualTo(decision.sentence());
    }

    private static List<String> rules(GuardianDecision decision) {
        return decision.explainedBy(new Talkative()).rules().stream()
                .map(RuleExplanation::rule)
                .toList();
    }

    private static GuardianDecision decision(Outcome outcome, int up, int down) {
        return new GuardianDecision(
                AT,
                "web-1",
                Resource.CPU,
                outcome,
                Optional.of(STATE),
                false,
                List.of(),
                up,
                down,
                Optional.empty(),
                0,
                0,
                0,
                "");
    }

    private static GuardianDecision noUsage() {
        return new GuardianDecision(
                AT,
                "web-1",
                Resource.CPU,
                Outcome.NO_USAGE,
                Optional.empty(),
                false,
                List.of(),
                0,
                0,
                Optional.empty(),
                0,
                0,
                0,
                "no sample in the window");
    }

    /** Decides nothing, and explains one rule of each kind. */
    private static final class Talkative implements ScalingPolicy {
        @Override
        public Set<Resource> resources() {
            return Set.of(Resource.CPU);
        }

        @Override
        public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {}

        @Override
        public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {}

        @Override
        public List<RuleExplanation> explain(ResourceState state) {
            var above = ConditionExplanation.of(
                    "usage > upper", Map.of("usage", state.usage()), state.usage() > state.upper());
            return List.of(new RuleExplanation("above", state.resource(), Rule.Generates.EVENTS, List.of(above)));
        }

        @Override
        public List<RuleExplanation> explain(EventTally tally) {
            var enough = ConditionExplanation.of("up >= 2", Map.of("up", (double) tally.up()), tally.up() >= 2);
            return List.of(new RuleExplanation("enough", tally.resource(), Rule.Generates.REQUESTS, List.of(enough)));
        }
    }
}
