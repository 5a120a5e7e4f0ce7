package io.serverlesscontainers.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A thousand containers for an hour on the virtual clock: every invariant in every window, and the same again. */
class HourOfThousandContainersTest {
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final int WINDOWS = (int) Duration.ofHours(1).dividedBy(WINDOW);

    private record Result(long scalings, long checksum, Utilization cpu) {}

    @Test
    @Timeout(120)
    void limits_follow_usage_and_never_leave_their_bounds() {
        Result result = anHour(1_000, 42);

        assertThat(result.scalings).isGreaterThan(1_000);
        assertThat(result.cpu.ratio()).isGreaterThan(1.5 * result.cpu.traditionalRatio());
    }

    @Test
    @Timeout(120)
    void the_same_seed_gives_the_same_hour() {
        assertThat(anHour(100, 7)).isEqualTo(anHour(100, 7)).isNotEqualTo(anHour(100, 8));
    }

    private static Result anHour(int containers, long seed) {
        var clock = VirtualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
        SimulatedHost host = SimulatedHost.builder()
                .clock(clock)
                .cpus(2 * containers)
                .memoryMiB(1024L * containers)
                .build();
        List<String> violations = new ArrayList<>();
        long[] scalings = {0};
        long[] checksum = {0};
        try (ScalingController controller = ScalingController.builder()
                .cgroups(host)
                .metrics(host)
                .policy(new ThresholdPolicy().withAmount(Resource.MEMORY, 256))
                .clock(clock)
                .window(WINDOW)
                .onDecision(decision -> scalings[0] += decision.isScaling() ? 1 : 0)
                .onProblem(problem -> violations.add(problem.toString()))
                .build()) {
            for (int i = 0; i < containers; i++) {
                String name = "cont" + i;
                host.addContainer(
                        name,
                        Map.of(
                                Resource.CPU,
                                Demand.bursty(seed + i, 20, 150, Duration.ofMinutes(3), 0.3)
                                        .noisy(seed - i, 0.1),
                                Resource.MEMORY,
                                Demand.wandering(seed * i, 100, 700, Duration.ofMinutes(20))));
                controller.guard(Container.named(name)
                        .cpuShares(20, 200)
                        .memoryMiB(64, 1024)
                        .boundary(Boundary.percentOfMax(5)));
            }
            for (int i = 0; i < WINDOWS; i++) {
                clock.advance(WINDOW);
                for (Sample sample : controller.runOnce().samples()) {
                    checksum[0] = checksum[0] * 31 + sample.limit();
                    if (sample.limit() < sample.min() || sample.limit() > sample.max()) {
                        violations.add(sample.toString());
                    }
                }
            }
            assertThat(violations).isEmpty();
            Utilization cpu = Utilization.NONE;
            for (String name : host.containers()) {
                cpu = cpu.plus(controller.utilization(name).get(Resource.CPU));
            }
            return new Result(scalings[0], checksum[0], cpu);
        }
    }
}
