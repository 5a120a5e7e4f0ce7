package io.serverlesscontainers.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.core.decision.Decision;
import io.serverlesscontainers.core.decision.GuardianDecision;
import io.serverlesscontainers.core.decision.ScalerDecision;
import io.serverlesscontainers.core.scaler.AdmissionException;
import io.serverlesscontainers.core.simulation.Demand;
import io.serverlesscontainers.core.simulation.SimulatedHost;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.tck.ThresholdPolicy;
import io.serverlesscontainers.store.MissingDocumentException;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ScalingControllerTest {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final VirtualClock clock = VirtualClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedHost host =
            SimulatedHost.builder().clock(clock).cpus(4).memoryMiB(8192).build();
    private final List<Decision> decisions = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private ScalingControllerBuilder builder() {
        return ScalingController.builder()
                .cgroups(host)
                .metrics(host)
                .policy(new ThresholdPolicy())
                .clock(clock)
                .window(WINDOW)
                .onDecision(decisions::add)
                .onProblem(problems::add);
    }

    private void runs(String name, double cpuShares) {
        host.addContainer(name, Map.of(Resource.CPU, Demand.constant(cpuShares)));
    }

    private static Container web(long min, long max) {
        return Container.named("web").cpuShares(min, max).boundary(Boundary.absolute(10));
    }

    private ControllerWindow windows(ScalingController controller, int count) {
        ControllerWindow last = null;
        for (int i = 0; i < count; i++) {
            clock.advance(WINDOW);
            last = controller.runOnce();
        }
        return last;
    }

    private OptionalLong limit(String name) {
        return host.limits(name).limit(Resource.CPU);
    }

    @Test
    void an_idle_container_comes_down_to_its_usage_and_a_busy_one_goes_up_again() {
        host.addContainer(
                "web",
                Map.of(Resource.CPU, Demand.phase(Duration.ofSeconds(20), 40).then(Duration.ofSeconds(40), 180)));
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 300));
            assertThat(limit("web")).hasValue(300);
            windows(controller, 7);
            assertThat(limit("web")).as("seven events are not enough").hasValue(300);
            windows(controller, 1);
            assertThat(limit("web")).as("40 + 5 + 10").hasValue(55);
            windows(controller, 30);
            assertThat(limit("web")).as("55 + 75 + 75, then 180 + 5 + 10").hasValue(195);
        }
    }

    @Test
    void a_limit_that_was_found_is_kept_within_the_bounds() {
        runs("web", 40);
        host.apply("web", LimitChange.to(Resource.CPU, 250));
        try (ScalingController controller = builder().build()) {
            controller.add(web(20, 200));
            assertThat(limit("web")).hasValue(200);
        }
    }

    @Test
    void an_unguarded_container_is_measured_and_left_alone() {
        runs("web", 40);
        try (ScalingController controller = builder().build()) {
            controller.add(web(20, 200));
            ControllerWindow last = windows(controller, 20);
            assertThat(limit("web")).hasValue(200);
            assertThat(last.samples()).singleElement().satisfies(sample -> {
                assertThat(sample.guarded()).isFalse();
                assertThat(sample.usage()).hasValue(40);
            });
            assertThat(decisions).isEmpty();
        }
    }

    @Test
    void guarding_ends_when_told() {
        runs("web", 40);
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 200));
            windows(controller, 5);
            controller.unguard("web");
            windows(controller, 20);
            assertThat(limit("web")).hasValue(200);
        }
    }

    @Test
    void a_limit_moves_by_hand_as_far_as_the_bounds_allow() {
        runs("web", 40);
        try (ScalingController controller = builder().build()) {
            controller.add(web(20, 200));
            controller.setLimit("web", Resource.CPU, 120);
            assertThat(limit("web")).hasValue(120);
            controller.setLimit("web", Resource.CPU, 9000);
            assertThat(limit("web")).hasValue(200);
            controller.setLimit("web", Resource.CPU, 1);
            assertThat(limit("web")).hasValue(20);
        }
    }

    @Test
    void a_lowered_max_is_obeyed_at_the_next_window() {
        runs("web", 170);
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 200));
            controller
                    .store()
                    .change(
                            DocumentKind.STRUCTURES,
                            "web",
                            it -> it.withResource(
                                    Resource.CPU,
                                    web(20, 100)
                                            .structure()
                                            .resources()
                                            .get(Resource.CPU)
                                            .withCurrent(200)));
            windows(controller, 1);
            assertThat(limit("web")).hasValue(100);
        }
    }

    @Test
    void a_limit_that_never_goes_down_comes_down_by_hand_and_by_its_max_but_by_no_rule() {
        host.addContainer("web", Map.of(Resource.CPU, Demand.constant(40), Resource.MEMORY, Demand.constant(100)));
        Container kept = web(20, 200).memoryMiB(64, 1024).neverDown(Resource.CPU);
        try (ScalingController controller = builder().build()) {
            controller.guard(kept);
            windows(controller, 20);
            assertThat(limit("web")).hasValue(200);
            assertThat(host.limits("web").limit(Resource.MEMORY))
                    .as("100 + 5 + 10")
                    .hasValue(115);
            controller.setLimit("web", Resource.CPU, 150);
            assertThat(limit("web")).hasValue(150);
            controller
                    .store()
                    .change(
                            DocumentKind.STRUCTURES,
                            "web",
                            it -> it.withResource(
                                    Resource.CPU,
                                    kept.cpuShares(20, 120)
                                            .structure()
                                            .resources()
                                            .get(Resource.CPU)
                                            .withCurrent(150)));
            windows(controller, 20);
            assertThat(limit("web")).hasValue(120);
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void a_limit_rests_after_it_was_scaled() {
        runs("web", 300);
        host.apply("web", LimitChange.to(Resource.CPU, 50));
        try (ScalingController controller =
                builder().cooldown(WINDOW.multipliedBy(6), Duration.ZERO).build()) {
            controller.guard(web(20, 300));
            windows(controller, 2);
            assertThat(limit("web")).hasValue(125);
            windows(controller, 5);
            assertThat(limit("web")).as("five windows later").hasValue(125);
            windows(controller, 1);
            assertThat(limit("web")).as("six windows later").hasValue(200);
        }
    }

    @Test
    void a_dry_run_decides_the_same_and_writes_nothing() {
        runs("web", 40);
        try (ScalingController controller = builder().mode(Mode.DRY_RUN).build()) {
            controller.guard(web(20, 200));
            windows(controller, 8);
        }
        assertThat(host.writes()).isZero();
        assertThat(decisions).last().isInstanceOfSatisfying(GuardianDecision.class, decision -> {
            assertThat(decision.outcome()).isEqualTo(GuardianDecision.Outcome.WOULD_REQUEST);
            assertThat(decision.amount()).isEqualTo(55 - 200);
        });
    }

    @Test
    void observing_decides_nothing_and_keeps_account() {
        runs("web", 40);
        try (ScalingController controller = builder().mode(Mode.OBSERVE).build()) {
            controller.guard(web(20, 200));
            windows(controller, 10);
            assertThat(controller.utilization("web").get(Resource.CPU).used()).isCloseTo(400, within(1e-9));
        }
        assertThat(host.writes()).isZero();
        assertThat(decisions)
                .allSatisfy(decision -> assertThat(((GuardianDecision) decision).outcome())
                        .isEqualTo(GuardianDecision.Outcome.OBSERVED));
    }

    @Test
    void utilization_is_used_by_allocated_and_by_reserved() {
        runs("web", 40);
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 200));
            windows(controller, 18);
            Utilization cpu = controller.utilization("web").get(Resource.CPU);
            assertThat(cpu.used()).isCloseTo(18 * 40, within(1e-6));
            assertThat(cpu.allocated()).as("8 s at 200, 10 s at 55").isCloseTo(8 * 200 + 10 * 55, within(1e-6));
            assertThat(cpu.reserved()).isCloseTo(18 * 200, within(1e-6));
            assertThat(cpu.ratio()).isGreaterThan(1.5 * cpu.traditionalRatio());
        }
    }

    @Test
    void limits_are_restored_as_found_if_so_configured() {
        runs("web", 40);
        runs("db", 40);
        host.apply("db", LimitChange.to(Resource.CPU, 150));
        try (ScalingController controller = builder().restoreLimits(true).build()) {
            controller.guard(web(20, 100));
            controller.guard(Container.named("db").cpuShares(20, 200));
            windows(controller, 10);
            assertThat(limit("db")).isNotEqualTo(OptionalLong.of(150));
        }
        assertThat(limit("web")).isEmpty();
        assertThat(limit("db")).hasValue(150);
    }

    @Test
    void a_host_gives_no_more_than_it_has() {
        runs("web", 40);
        runs("db", 40);
        runs("cache", 40);
        try (ScalingController controller = builder().build()) {
            controller.add(Container.named("web").cpuShares(20, 300));
            controller.add(Container.named("db").cpuShares(20, 300));
            assertThat(limit("db")).as("of 400, 300 are taken").hasValue(100);
            assertThatThrownBy(() -> controller.add(Container.named("cache").cpuShares(20, 300)))
                    .isInstanceOf(AdmissionException.class)
                    .hasMessage("container 'cache': host 'localhost' has 0 shares of cpu free, less than its min, "
                            + "which is 20");
            assertThat(limit("cache")).isEmpty();
            controller.remove("db");
            controller.add(Container.named("cache").cpuShares(20, 300));
            assertThat(limit("cache")).hasValue(100);
        }
    }

    @Test
    void a_container_that_vanishes_is_named_once_and_the_others_go_on() {
        runs("web", 40);
        runs("db", 40);
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 200));
            controller.guard(Container.named("db").cpuShares(20, 200));
            windows(controller, 3);
            host.removeContainer("db");
            windows(controller, 10);
            assertThat(limit("web")).hasValue(55);
        }
        assertThat(problems)
                .as("%s", problems)
                .isNotEmpty()
                .allMatch(problem -> problem.subject().contains("db"));
        assertThat(problems).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void a_limit_set_by_somebody_else_is_reported_and_taken_as_it_is() {
        runs("web", 100);
        try (ScalingController controller = builder().snapshotPeriod(WINDOW).build()) {
            controller.guard(web(20, 120));
            windows(controller, 2);
            host.apply("web", LimitChange.to(Resource.CPU, 60));
            windows(controller, 4);
            assertThat(problems)
                    .first()
                    .hasToString("drift: container 'web': cpu limit is 60 shares, the state says 120");
            assertThat(limit("web"))
                    .as("60 is a bottleneck: + 75, trimmed to max")
                    .hasValue(120);
        }
    }

    @Test
    void a_limit_set_by_somebody_else_is_put_back_if_so_configured() {
        runs("web", 100);
        try (ScalingController controller = builder().restoreDrift(true).build()) {
            controller.guard(web(20, 120));
            windows(controller, 1);
            host.apply("web", LimitChange.to(Resource.CPU, 110));
            windows(controller, 9);
            assertThat(limit("web")).as("between two snapshots").hasValue(110);
            windows(controller, 1);
            assertThat(limit("web")).hasValue(120);
            assertThat(problems)
                    .hasToString(
                            "[drift: container 'web': cpu limit is 110 shares, the state says 120; it was restored]");
        }
    }

    @Test
    void a_limit_is_put_back_before_it_is_scaled_further() {
        runs("web", 100);
        try (ScalingController controller =
                builder().restoreDrift(true).snapshotPeriod(Duration.ofHours(1)).build()) {
            controller.guard(web(20, 200));
            windows(controller, 1);
            host.apply("web", LimitChange.to(Resource.CPU, 190));
            windows(controller, 20);
            assertThat(problems)
                    .hasToString(
                            "[drift: container 'web': cpu limit is 190 shares, the state says 200; it was restored]");
            assertThat(limit("web")).as("100 + 5 + 10").hasValue(115);
        }
    }

    @Test
    void a_drift_that_lasts_is_told_once() {
        runs("web", 40);
        try (ScalingController controller =
                builder().snapshotPeriod(Duration.ofSeconds(3)).build()) {
            controller.add(web(20, 120));
            windows(controller, 1);
            host.apply("web", LimitChange.lift(Resource.CPU));
            windows(controller, 20);
            assertThat(problems).hasToString("[drift: container 'web': cpu limit is lifted, the state says 120]");
            host.apply("web", LimitChange.to(Resource.CPU, 120));
            windows(controller, 3);
            host.apply("web", LimitChange.lift(Resource.CPU));
            windows(controller, 3);
            assertThat(problems).hasSize(2);
        }
    }

    @Test
    void a_dry_run_puts_nothing_back() {
        runs("web", 100);
        try (ScalingController controller = builder()
                .restoreDrift(true)
                .mode(Mode.DRY_RUN)
                .snapshotPeriod(WINDOW)
                .build()) {
            host.apply("web", LimitChange.to(Resource.CPU, 120));
            controller.guard(web(20, 120));
            windows(controller, 1);
            host.apply("web", LimitChange.to(Resource.CPU, 110));
            windows(controller, 5);
            assertThat(limit("web")).hasValue(110);
            assertThat(problems).isNotEmpty();
        }
    }

    @Test
    void a_source_that_fails_is_a_problem_and_not_the_end() {
        runs("web", 40);
        boolean[] broken = {true};
        try (ScalingController controller = builder()
                .metrics(query -> {
                    if (broken[0]) {
                        throw new IllegalStateException("no route to host");
                    }
                    return host.usage(query);
                })
                .build()) {
            controller.guard(web(20, 200));
            windows(controller, 3);
            assertThat(problems).hasToString("[window: failed: no route to host]");
            broken[0] = false;
            windows(controller, 8);
            assertThat(limit("web")).hasValue(55);
        }
    }

    @Test
    void what_is_not_there_is_named() {
        try (ScalingController controller = builder().build()) {
            assertThatThrownBy(() -> controller.guard(web(20, 200)))
                    .isInstanceOf(MissingContainerException.class)
                    .hasMessageContaining("'web'");
            assertThatThrownBy(() -> controller.guard("nobody"))
                    .isInstanceOf(MissingDocumentException.class)
                    .hasMessage("there is no structure 'nobody'");
        }
        assertThatThrownBy(() -> ScalingController.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("policy");
    }

    @Test
    void decisions_of_guardian_and_scaler_read_as_sentences() {
        runs("web", 40);
        try (ScalingController controller = builder().build()) {
            controller.guard(web(20, 200));
            windows(controller, 8);
        }
        assertThat(decisions)
                .extracting(Decision::sentence)
                .contains(
                        "web cpu: usage 40.0 is below lower 180; 0 up and 1 down events make no rule hold",
                        "web cpu: usage 40.0 is below lower 180; 0 up and 8 down events make CpuRescaleDown hold: "
                                + "request -145 shares, limit 200 to 55",
                        "web cpu: limit 200 to 55 shares on cpus 0");
        assertThat(decisions).filteredOn(ScalerDecision.class::isInstance).hasSize(1);
    }

    @Test
    void its_own_thread_runs_windows_between_start_and_stop() {
        runs("web", 40);
        var ran = new ArrayList<Instant>();
        try (ScalingController controller = builder()
                .window(Duration.ofMillis(5))
                .onWindow(window -> {
                    synchronized (ran) {
                        ran.add(clock.advance(Duration.ofMillis(5)));
                    }
                })
                .build()) {
            controller.guard(web(20, 200));
            controller.start();
            controller.start();
            await().until(() -> limit("web").equals(OptionalLong.of(55)));
            controller.stop();
            int count = ran.size();
            controller.stop();
            assertThat(ran).hasSize(count);
            controller.start();
            await().until(() -> {
                synchronized (ran) {
                    return ran.size() > count;
                }
            });
        }
    }

    @Test
    void a_closed_controller_says_so() {
        ScalingController controller = builder().build();
        controller.close();
        controller.close();
        assertThatThrownBy(controller::runOnce)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the controller is closed");
    }
}
