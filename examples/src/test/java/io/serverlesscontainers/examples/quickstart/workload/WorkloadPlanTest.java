package io.serverlesscontainers.examples.quickstart.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.store.document.Direction;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WorkloadPlanTest {
    private static final Timetable MINUTE = new Timetable(Duration.ofSeconds(60), Duration.ofSeconds(1));

    @Test
    void goesFromIdleThroughABurstAndModerateUseBackToIdle() {
        WorkloadPlan plan = WorkloadPlan.of(0, MINUTE);

        assertThat(plan.phases()).extracting(Phase::name).containsExactly("idle", "burst", "moderate", "idle");
        assertThat(plan.phases().stream().mapToDouble(Phase::share).sum()).isBetween(0.999, 1.001);
        assertThat(plan.demandAt(Duration.ZERO).cpuShares()).isLessThan(10);
        assertThat(plan.demandAt(Duration.ofSeconds(18)).cpuShares()).isEqualTo(100);
        assertThat(plan.demandAt(Duration.ofSeconds(30)).cpuShares()).isBetween(20, 60);
        assertThat(plan.demandAt(Duration.ofSeconds(60))).isEqualTo(plan.demandAt(Duration.ZERO));
    }

    @Test
    void twoContainersNeverBurstAtTheSameTime() {
        for (int second = 0; second < 60; second++) {
            Duration now = Duration.ofSeconds(second);

            assertThat(WorkloadPlan.of(0, MINUTE).phaseAt(now).name().equals("burst")
                            && WorkloadPlan.of(1, MINUTE).phaseAt(now).name().equals("burst"))
                    .as("both burst at %s", now)
                    .isFalse();
        }
    }

    @Test
    void memoryClimbsSteadilyAndFallsAtOnce() {
        WorkloadPlan plan = WorkloadPlan.of(0, MINUTE);

        for (int second = 1; second < 60; second++) {
            int grown = plan.demandAt(Duration.ofSeconds(second)).memoryMiB()
                    - plan.demandAt(Duration.ofSeconds(second - 1)).memoryMiB();

            assertThat(grown).isLessThanOrEqualTo(7);
        }
        assertThat(plan.demandAt(Duration.ofMillis(37_799)).memoryMiB()).isEqualTo(120);
        assertThat(plan.demandAt(Duration.ofMillis(37_801)).memoryMiB()).isEqualTo(30);
    }

    @Property(tries = 300)
    void everyRunThatIsLongEnoughScalesEachContainerUpAndDownAndIsWorthIt(
            @ForAll @IntRange(min = 100, max = 2000) int windowMillis,
            @ForAll @IntRange(min = Timetable.ENOUGH_WINDOWS, max = 500) int windows,
            @ForAll @IntRange(max = 1) int container) {
        Duration window = Duration.ofMillis(windowMillis);
        var timetable = new Timetable(window.multipliedBy(windows), window);
        WorkloadPlan plan = WorkloadPlan.of(container, timetable);

        GuardedByHand cpu = GuardedByHand.cpu().run(plan, timetable);
        GuardedByHand memory = GuardedByHand.memory().run(plan, timetable);

        assertThat(cpu.scalings(Direction.UP)).as("CPU raised").isPositive();
        assertThat(cpu.scalings(Direction.DOWN)).as("CPU lowered").isPositive();
        assertThat(memory.scalings(Direction.UP)).as("memory raised").isPositive();
        assertThat(memory.scalings(Direction.DOWN)).as("memory lowered").isPositive();
        assertThat(cpu.accounts().ratio())
                .as("CPU utilization, serverless")
                .isGreaterThan(1.5 * cpu.accounts().traditionalRatio());
        assertThat(memory.isOutgrown()).as("memory outgrown").isFalse();
    }

    @Test
    void aMinuteReservesWellOverOneAndAHalfTimesWhatItAllocates() {
        for (int container = 0; container < 2; container++) {
            GuardedByHand cpu = GuardedByHand.cpu().run(WorkloadPlan.of(container, MINUTE), MINUTE);

            assertThat(cpu.accounts().reserved() / cpu.accounts().allocated()).isGreaterThan(1.7);
        }
    }
}
