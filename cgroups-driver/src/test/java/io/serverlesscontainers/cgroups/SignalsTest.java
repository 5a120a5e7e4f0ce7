package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.Signals;
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

/** How containers are held back, on trees of ordinary files, with a clock that moves when the test says so. */
class SignalsTest {
    private static final String CONTAINER = "cont0";
    private static final long SECOND = 1_000_000_000;

    private final AtomicLong clock = new AtomicLong(-5 * SECOND);

    @ParameterizedTest
    @EnumSource
    void throttling_is_the_share_of_the_periods_since_the_call_before(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            periods(tree, 100, 90);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
            periods(tree, 110, 94);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE.withThrottledRatio(0.4));
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
            // A period that was throttled is counted before it has ended.
            periods(tree, 111, 96);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU).throttledRatio())
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void kills_and_hits_of_the_memory_limit_are_what_was_added(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            memoryEvents(tree, kind, 3, 1000);
            assertThat(ask(source).signals(CONTAINER, Resource.MEMORY)).isEqualTo(Signals.NONE);
            memoryEvents(tree, kind, 5, 1007);
            assertThat(ask(source).signals(CONTAINER, Resource.MEMORY))
                    .isEqualTo(Signals.NONE.withOomKills(2).withLimitHits(7));
            assertThat(ask(source).signals(CONTAINER, Resource.MEMORY)).isEqualTo(Signals.NONE);
        }
    }

    @Test
    void pressure_is_a_share_of_the_time_between_two_calls_and_never_more_than_all_of_it() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            memoryEvents(tree, FixtureTree.Kind.V2, 0, 0);
            for (String file : List.of("cpu.pressure", "memory.pressure", "io.pressure")) {
                pressure(tree, file, 7_000_000, 1_000_000);
            }
            ask(source);
            pressure(tree, "cpu.pressure", 7_500_000, 1_250_000);
            pressure(tree, "memory.pressure", 7_100_000, 1_000_000);
            pressure(tree, "io.pressure", 8_000_001, 2_000_000);
            Usages usages = ask(source);
            assertThat(usages.signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE.withPressure(0.5, 0.25));
            assertThat(usages.signals(CONTAINER, Resource.MEMORY)).isEqualTo(Signals.NONE.withPressure(0.1, 0));
            assertThat(usages.signals(CONTAINER, Resource.DISK_READ)).isEqualTo(Signals.NONE.withPressure(1, 1));
            assertThat(usages.signals(CONTAINER, Resource.DISK_WRITE)).isEqualTo(Signals.NONE.withPressure(1, 1));
        }
    }

    @Test
    void a_clock_that_stands_still_gives_no_signals() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            pressure(tree, "cpu.pressure", 1, 1);
            ask(source);
            clock.addAndGet(-SECOND);
            pressure(tree, "cpu.pressure", 2, 2);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_first_call_after_a_container_was_started_again_has_none(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            periods(tree, 100, 90);
            ask(source);
            tree.remove(CONTAINER);
            ask(source);
            tree.container(CONTAINER);
            periods(tree, 200, 190);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
            periods(tree, 210, 195);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU).throttledRatio())
                    .isEqualTo(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void counts_that_go_backwards_are_another_containers(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            periods(tree, 100, 90);
            ask(source);
            periods(tree, 10, 9);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void signals_that_make_no_sense_cost_no_usage_and_no_problem(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            memoryEvents(tree, kind, 0, 0);
            ask(source);
            tree.write(file(tree, kind, "memory.events", "memory.failcnt"), "max ?\n");
            Usages usages = ask(source);
            assertThat(usages.of(CONTAINER, Resource.MEMORY)).isPresent();
            assertThat(usages.of(CONTAINER, Resource.CPU)).isPresent();
            assertThat(usages.problems()).isEmpty();
            assertThat(usages.signals(CONTAINER, Resource.MEMORY)).isEqualTo(Signals.NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "V2")
    void a_version_1_kernel_that_counts_no_kills_and_no_pressure_still_counts_the_rest(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get).withSignals()) {
            memoryEvents(tree, kind, 0, 5);
            tree.write(tree.file("memory", CONTAINER, "memory.oom_control"), "oom_kill_disable 0\nunder_oom 0\n");
            ask(source);
            tree.write(tree.file("memory", CONTAINER, "memory.failcnt"), "9\n");
            assertThat(ask(source).signals(CONTAINER, Resource.MEMORY)).isEqualTo(Signals.NONE.withLimitHits(4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobody_who_does_not_ask_is_told(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container(CONTAINER);
                var driver = tree.driver();
                var source = new CgroupMetricSource(driver, clock::get)) {
            periods(tree, 100, 90);
            ask(source);
            periods(tree, 110, 100);
            assertThat(ask(source).signals(CONTAINER, Resource.CPU)).isEqualTo(Signals.NONE);
        }
    }

    private static void periods(FixtureTree tree, long passed, long throttled) {
        tree.write(
                tree.file("cpu", CONTAINER, "cpu.stat"),
                "usage_usec 0\nnr_periods " + passed + "\nnr_throttled " + throttled + "\n");
    }

    private static void memoryEvents(FixtureTree tree, FixtureTree.Kind kind, long kills, long hits) {
        if (kind == FixtureTree.Kind.V2) {
            tree.write(
                    tree.file("memory", CONTAINER, "memory.events"),
                    "low 0\nhigh 0\nmax " + hits + "\noom 9\noom_kill " + kills + "\noom_group_kill 0\n");
        } else {
            tree.write(
                    tree.file("memory", CONTAINER, "memory.oom_control"),
                    "oom_kill_disable 0\nunder_oom 0\noom_kill " + kills + "\n");
            tree.write(tree.file("memory", CONTAINER, "memory.failcnt"), hits + "\n");
        }
    }

    private static String file(FixtureTree tree, FixtureTree.Kind kind, String version2, String version1) {
        return tree.file("memory", CONTAINER, kind == FixtureTree.Kind.V2 ? version2 : version1);
    }

    private static void pressure(FixtureTree tree, String file, long some, long full) {
        tree.write(
                tree.file("cpu", CONTAINER, file),
                "some avg10=0.00 avg60=0.00 avg300=0.00 total=" + some
                        + "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=" + full + "\n");
    }

    /** One second after the call before. */
    private Usages ask(CgroupMetricSource source) {
        clock.addAndGet(SECOND);
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(CONTAINER),
                Set.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE),
                Instant.EPOCH,
                Instant.EPOCH.plusSeconds(1)));
    }
}
