package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdPolicyTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return new ThresholdPolicy();
    }

    @ParameterizedTest(name = "usage {0}, limit {1}: up {2}, down {3}")
    @CsvSource({
        // max 400, min 50, margin 25
        "150.0, 200, 0, 0",
        "175.0, 200, 0, 0",
        "175.1, 200, 1, 0",
        "149.9, 200, 0, 1",
        "0.0,   200, 0, 0",
        "400.0, 400, 0, 0",
        "10.0,  100, 0, 0",
        "10.0,  101, 0, 1"
    })
    void theStockThresholdsAreStrict(double usage, long current, int up, int down) {
        var found = new ArrayList<ScaleEvents>();
        new ThresholdPolicy()
                .detectEvents(List.of(state(Resource.CPU, usage, current)), (fact, rule) -> found.add(rule.scale()));

        assertThat(found.stream().mapToInt(ScaleEvents::up).sum()).isEqualTo(up);
        assertThat(found.stream().mapToInt(ScaleEvents::down).sum()).isEqualTo(down);
    }

    @ParameterizedTest(name = "up {0}, down {1}: {2}")
    @CsvSource({"1, 0, ''", "2, 0, CpuRescaleUp", "2, 2, CpuRescaleUp", "2, 3, ''", "0, 7, ''", "0, 8, CpuRescaleDown"})
    void theStockEventCountsAreMet(int up, int down, String rule) {
        assertThat(fired(new ThresholdPolicy(), tally(Resource.CPU, up, down)))
                .extracting(RequestRule::name)
                .isEqualTo(rule.isEmpty() ? List.of() : List.of(rule));
    }

    @Test
    void increasesAreByTheStockAmountsAndDecreasesFitTheUsage() {
        assertThat(fired(new ThresholdPolicy(), tally(Resource.CPU, 2, 0)))
                .containsExactly(new RequestRule("CpuRescaleUp", Resource.CPU, Rescale.byAmount(75), 2, 0));
        assertThat(fired(new ThresholdPolicy(), tally(Resource.MEMORY, 2, 0)))
                .containsExactly(new RequestRule("MemRescaleUp", Resource.MEMORY, Rescale.byAmount(2048), 2, 0));
        assertThat(fired(new ThresholdPolicy(), tally(Resource.CPU, 0, 8)))
                .containsExactly(new RequestRule("CpuRescaleDown", Resource.CPU, Rescale.fitToUsage(), 8, 0));
    }

    @Test
    void amountsAndCountsCanBeSet() {
        var policy = new ThresholdPolicy()
                .withAmount(Resource.NET, 100)
                .withEvents(1, 3)
                .withDownTolerated(0);
        assertThat(policy.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY, Resource.NET);
        assertThat(fired(policy, tally(Resource.NET, 1, 0)))
                .containsExactly(new RequestRule("NetRescaleUp", Resource.NET, Rescale.byAmount(100), 1, 0));
        assertThat(fired(policy, tally(Resource.NET, 1, 1))).isEmpty();
        assertThat(fired(policy, tally(Resource.NET, 0, 3)))
                .containsExactly(new RequestRule("NetRescaleDown", Resource.NET, Rescale.fitToUsage(), 3, 0));
    }

    @Test
    void anIdleDiskIsUnderusedWhileAnIdleCpuIsLeftAlone() {
        var policy = new ThresholdPolicy().withAmount(Resource.DISK_READ, 450);
        var underused = new ArrayList<Resource>();
        policy.detectEvents(
                List.of(state(Resource.DISK_READ, 0, 200), state(Resource.CPU, 0, 200)),
                (fact, rule) -> underused.add(fact.resource()));
        assertThat(underused).containsExactly(Resource.DISK_READ);
    }

    private static ResourceState state(Resource resource, double usage, long current) {
        return new ResourceState("web-1", resource, usage, 400, 50, current, current - 25, current - 50, 25, 25);
    }

    private static EventTally tally(Resource resource, int up, int down) {
        return new EventTally(state(resource, 100, 200), up, down);
    }

    private static List<RequestRule> fired(ScalingPolicy policy, EventTally tally) {
        var rules = new ArrayList<RequestRule>();
        policy.decideRequests(List.of(tally), (fact, rule) -> rules.add(rule));
        return rules;
    }
}
