package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On trees of ordinary files, with a clock that moves when the test says so. */
class CgroupMetricSourceTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(-5 * SECOND);

    @ParameterizedTest
    @EnumSource
    void cpu_is_the_mean_since_the_call_before(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.cpuTime("cont0", 7 * SECOND);
            assertThat(ask(source, "cont0").of("cont0", Resource.CPU)).isEmpty();
            clock.addAndGet(2 * SECOND);
            tree.cpuTime("cont0", 10 * SECOND);
            assertThat(ask(source, "cont0").of("cont0", Resource.CPU)).hasValue(150);
            clock.addAndGet(SECOND);
            assertThat(ask(source, "cont0").of("cont0", Resource.CPU)).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void memory_is_what_is_charged_less_inactive_file_pages_in_mib(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.memory("cont0", 300 * MIB + MIB / 2, 100 * MIB);
            assertThat(ask(source, "cont0").orNaN("cont0", Resource.MEMORY)).isCloseTo(250.5, within(1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource
    void memory_whose_inactive_part_is_not_told_is_a_problem_and_no_number(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.write(tree.file("memory", "cont0", "memory.stat"), "anon 5\ninactive_anon 5\n");
            Usages usages = ask(source, "cont0");
            assertThat(usages.of("cont0", Resource.MEMORY)).isEmpty();
            assertThat(usages.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.sentence())
                            .endsWith("cont0/memory.stat has no line for inactive file pages: the memory in use is not"
                                    + " known"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_memory_of_who_ran_is_todays_and_of_who_did_not_at_every_eighth_call(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0").container("cont1");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.memory("cont0", 300 * MIB, 100 * MIB);
            tree.memory("cont1", 300 * MIB, 100 * MIB);
            tree.cpuTime("cont0", 0);
            ask(source, "cont0", "cont1");
            int seen = 0;
            for (int call = 1; call <= 80; call++) {
                clock.addAndGet(SECOND);
                tree.cpuTime("cont0", call * SECOND / 1000);
                // Less than what makes the whole of it be read again.
                long charged = 300 * MIB + call * 4096L;
                tree.memory("cont0", charged, 100 * MIB);
                tree.memory("cont1", charged, 100 * MIB);
                Usages usages = ask(source, "cont0", "cont1");
                double exact = (charged - 50 * MIB) / (double) MIB;
                assertThat(usages.orNaN("cont0", Resource.MEMORY)).isEqualTo(exact);
                if (usages.orNaN("cont1", Resource.MEMORY) == exact) {
                    seen++;
                }
            }
            assertThat(seen).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_counter_that_goes_backwards_gives_no_sample(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.cpuTime("cont0", 7 * SECOND);
            ask(source, "cont0");
            clock.addAndGet(SECOND);
            tree.cpuTime("cont0", SECOND);
            Usages restarted = ask(source, "cont0");
            assertThat(restarted.of("cont0", Resource.CPU)).isEmpty();
            assertThat(restarted.of("cont0", Resource.MEMORY)).isPresent();
            assertThat(restarted.problems()).isEmpty();
            clock.addAndGet(SECOND);
            tree.cpuTime("cont0", SECOND + SECOND / 2);
            assertThat(ask(source, "cont0").of("cont0", Resource.CPU)).hasValue(50);
        }
    }

    @Test
    void a_clock_that_stands_still_gives_no_sample() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            ask(source, "cont0");
            tree.cpuTime("cont0", SECOND);
            assertThat(ask(source, "cont0").of("cont0", Resource.CPU)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_container_that_vanishes_is_named_once_and_the_others_go_on(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0").container("cont1");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            ask(source, "cont0", "cont1");
            tree.remove("cont0");
            clock.addAndGet(SECOND);
            Usages vanished = ask(source, "cont0", "cont1");
            assertThat(vanished.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.subject()).isEqualTo("container 'cont0'");
                assertThat(problem.sentence()).contains("there is no container 'cont0'");
            });
            assertThat(vanished.of("cont0", Resource.MEMORY)).isEmpty();
            assertThat(vanished.of("cont1", Resource.CPU)).isPresent();
            assertThat(ask(source, "cont0", "cont1").problems()).isEmpty();

            tree.container("cont0");
            tree.cpuTime("cont0", 99 * SECOND);
            clock.addAndGet(SECOND);
            Usages back = ask(source, "cont0", "cont1");
            assertThat(back.problems()).isEmpty();
            assertThat(back.of("cont0", Resource.CPU)).isEmpty();
            assertThat(back.of("cont0", Resource.MEMORY)).isPresent();

            tree.remove("cont0");
            assertThat(ask(source, "cont0", "cont1").problems()).hasSize(1);
        }
    }

    @Test
    void what_a_container_had_not_when_it_was_first_measured_is_measured_once_it_is_there() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.remove("memory", "cont0");
            assertThat(ask(source, "cont0").of("cont0", Resource.MEMORY)).isEmpty();
            tree.container("cont0");
            // Whoever limits it looks again.
            driver.limits("cont0");
            assertThat(ask(source, "cont0").of("cont0", Resource.MEMORY)).isPresent();
        }
    }

    @Test
    void a_counter_that_makes_no_sense_costs_nobody_else_anything() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0").container("cont1");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.write(tree.file("memory", "cont0", "memory.usage_in_bytes"), "a lot\n");
            Usages usages = ask(source, "cont0", "cont1");
            assertThat(usages.problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.sentence())
                            .contains("memory.usage_in_bytes holds 'a lot', a whole number from 0 on is needed"));
            assertThat(usages.of("cont1", Resource.MEMORY)).isPresent();
        }
    }

    @Test
    void a_hostile_name_is_a_problem_like_any_other() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            Usages usages = ask(source, "../cont0", "cont0");
            assertThat(usages.problems())
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem.sentence()).contains("the part '..', which may lead elsewhere"));
            assertThat(usages.of("cont0", Resource.MEMORY)).isPresent();
        }
    }

    @Test
    void only_what_is_asked_for_is_measured() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            var memory = new UsageQuery(
                    Structure.Subtype.CONTAINER, List.of("cont0"), Set.of(Resource.CPU), Instant.EPOCH, Instant.EPOCH);
            assertThat(source.usage(memory).of("cont0", Resource.MEMORY)).isEmpty();
            var application = new UsageQuery(
                    Structure.Subtype.APPLICATION,
                    List.of("cont0"),
                    Set.of(Resource.MEMORY),
                    Instant.EPOCH,
                    Instant.EPOCH);
            assertThat(source.usage(application).structures()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void throttling_is_told_as_the_kernel_counts_it(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.cpuTime("cont0", SECOND);
            assertThat(source.throttling("cont0")).contains(new Throttling(40, 10));
            assertThat(source.throttling("ghost")).isEmpty();
            tree.write(tree.file("cpu", "cont0", "cpu.stat"), "usage_usec 5\n");
            assertThat(source.throttling("cont0")).isEmpty();
        }
    }

    private static Usages ask(CgroupMetricSource source, String... containers) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(containers),
                Set.of(Resource.CPU, Resource.MEMORY, Resource.NET),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1)));
    }
}
