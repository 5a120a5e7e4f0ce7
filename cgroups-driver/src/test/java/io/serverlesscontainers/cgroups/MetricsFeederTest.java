package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.core.simulation.VirtualClock;
import io.serverlesscontainers.core.spi.DataPoint;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.tck.RecordingWriter;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On trees of ordinary files, with a clock that moves when the test says so. */
class MetricsFeederTest {
    private static final Path ROOT = Path.of("/");
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;
    private static final Instant START = Instant.ofEpochSecond(1_763_769_600);

    private final VirtualClock clock = VirtualClock.startingAt(START);
    private final RecordingWriter writer = new RecordingWriter();
    private final List<String> names = new ArrayList<>(List.of("cont0"));

    @ParameterizedTest
    @EnumSource
    void all_that_is_measured_is_written_from_the_second_run_on(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var feeder = feeder(driver)) {
            cpuTime(tree, kind, "cont0", 7 * SECOND, SECOND);
            tree.memory("cont0", 300 * MIB, 100 * MIB);
            tree.disk("cont0", 0, 0);
            process(tree, "cont0", 42, 1_000);
            feeder.runOnce();
            pass(Duration.ofSeconds(2));
            cpuTime(tree, kind, "cont0", 9 * SECOND, 2 * SECOND);
            tree.disk("cont0", 4 * MIB, 10 * MIB);

            MetricsFeeder.Feeding feeding = feeder.runOnce();

            assertThat(feeding).isEqualTo(new MetricsFeeder.Feeding(1, 6, List.of()));
            assertThat(told("proc.cpu.user", "cont0")).hasValueCloseTo(100.0, within(1e-6));
            assertThat(told("proc.cpu.kernel", "cont0")).hasValueCloseTo(50.0, within(1e-6));
            assertThat(told("proc.mem.resident", "cont0")).hasValueCloseTo(250.0, within(1e-9));
            assertThat(told("proc.mem.virtual", "cont0"))
                    .hasValueCloseTo(1_000.0 * ProcFiles.pageSize() / MIB, within(1e-9));
            assertThat(told("proc.disk.reads.mb", "cont0")).hasValueCloseTo(2.0, within(1e-9));
            assertThat(told("proc.disk.writes.mb", "cont0")).hasValueCloseTo(5.0, within(1e-9));
            assertThat(writer.last()).extracting(DataPoint::time).containsOnly(START.plusSeconds(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_first_run_makes_all_names_known_and_tells_no_rate(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            cpuTime(tree, kind, "cont0", 7 * SECOND, SECOND);
            feeder.runOnce();
            assertThat(writer.last())
                    .filteredOn(point -> point.tags().equals(Map.of("host", MetricsFeeder.NOBODY)))
                    .hasSize(8)
                    .allMatch(point -> point.value() == 0)
                    .extracting(DataPoint::metric)
                    .containsExactlyInAnyOrder(
                            "proc.cpu.user",
                            "proc.cpu.kernel",
                            "proc.mem.resident",
                            "proc.mem.virtual",
                            "proc.disk.reads.mb",
                            "proc.disk.writes.mb",
                            "proc.net.tcp.in.mb",
                            "proc.net.tcp.out.mb");
            assertThat(metricsOf("cont0")).containsExactly("proc.mem.resident");
            pass(Duration.ofSeconds(1));
            feeder.runOnce();
            assertThat(metricsOf(MetricsFeeder.NOBODY)).isEmpty();
            assertThat(told("proc.cpu.user", "cont0")).hasValue(0);
            assertThat(told("proc.cpu.kernel", "cont0")).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_reads_the_series_sees_what_the_source_tells(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var feeder = feeder(driver);
                var source = new CgroupMetricSource(driver, this::nanoTime)) {
            for (int run = 1; run < 20; run++) {
                cpuTime(tree, kind, "cont0", run * run * SECOND / 100, run * SECOND / 50);
                tree.memory("cont0", (300 + 3L * run) * MIB, 100 * MIB);
                var usages = source.usage(new UsageQuery(
                        Structure.Subtype.CONTAINER,
                        names,
                        Set.of(Resource.CPU, Resource.MEMORY),
                        START,
                        clock.instant()));
                feeder.runOnce();
                assertThat(told("proc.mem.resident", "cont0")).isEqualTo(usages.of("cont0", Resource.MEMORY));
                if (run > 1) {
                    double sum = told("proc.cpu.user", "cont0").orElseThrow()
                            + told("proc.cpu.kernel", "cont0").orElseThrow();
                    assertThat(sum).isCloseTo(usages.orNaN("cont0", Resource.CPU), within(1e-6));
                }
                pass(Duration.ofSeconds(1));
            }
        }
    }

    @Test
    void the_ticks_of_version_1_only_divide_the_cpu_time() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            cpuTime(tree, FixtureTree.Kind.V1, "cont0", 0, 0);
            feeder.runOnce();
            pass(Duration.ofSeconds(1));
            // The timer met it only half as often as it ran.
            tree.cpuTime("cont0", SECOND);
            tree.write(tree.file("cpuacct", "cont0", "cpuacct.stat"), "user 40\nsystem 10\n");
            feeder.runOnce();
            assertThat(told("proc.cpu.user", "cont0")).hasValueCloseTo(80.0, within(1e-6));
            assertThat(told("proc.cpu.kernel", "cont0")).hasValueCloseTo(20.0, within(1e-6));
            pass(Duration.ofSeconds(1));
            // By its ticks, less of all the time so far was in user mode than seemed before.
            tree.cpuTime("cont0", SECOND + SECOND / 100);
            tree.write(tree.file("cpuacct", "cont0", "cpuacct.stat"), "user 40\nsystem 12\n");
            feeder.runOnce();
            assertThat(told("proc.cpu.user", "cont0")).hasValue(0);
            assertThat(told("proc.cpu.kernel", "cont0")).hasValueCloseTo(1.0, within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_container_that_was_started_again_tells_its_memory_first(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            cpuTime(tree, kind, "cont0", 7 * SECOND, 0);
            feeder.runOnce();
            pass(Duration.ofSeconds(1));
            cpuTime(tree, kind, "cont0", SECOND, 0);
            feeder.runOnce();
            assertThat(metricsOf("cont0")).containsExactly("proc.mem.resident");
            pass(Duration.ofSeconds(1));
            cpuTime(tree, kind, "cont0", SECOND + SECOND / 4, 0);
            feeder.runOnce();
            assertThat(told("proc.cpu.user", "cont0")).hasValueCloseTo(25.0, within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_named_container_that_is_missing_is_told_once_and_the_others_go_on(FixtureTree.Kind kind) {
        names.add("cont1");
        try (var tree = FixtureTree.of(kind).container("cont0").container("cont1");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            cpuTime(tree, kind, "cont0", 0, 0);
            cpuTime(tree, kind, "cont1", 0, 0);
            feeder.runOnce();
            pass(Duration.ofSeconds(1));
            tree.remove("cont0");
            assertThat(feeder.runOnce().problems())
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.sentence()).contains("there is no container 'cont0'"));
            assertThat(metricsOf("cont0")).isEmpty();
            assertThat(metricsOf("cont1")).contains("proc.cpu.user", "proc.mem.resident");
            pass(Duration.ofSeconds(1));
            assertThat(feeder.runOnce().problems()).isEmpty();
        }
    }

    @Test
    void a_counter_that_makes_no_sense_is_told_once_and_costs_nobody_else_anything() {
        names.add("cont1");
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0").container("cont1");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            tree.write(tree.file("cpu", "cont0", "cpu.stat"), "usage_usec 5\n");
            assertThat(feeder.runOnce().problems()).singleElement().satisfies(problem -> {
                assertThat(problem.subject()).isEqualTo("container 'cont0'");
                assertThat(problem.sentence())
                        .endsWith("cont0/cpu.stat has no user_usec: the CPU time in user mode is not known");
            });
            pass(Duration.ofSeconds(1));
            assertThat(feeder.runOnce().problems()).isEmpty();
            assertThat(metricsOf("cont0")).containsExactly("proc.mem.resident");
            assertThat(metricsOf("cont1")).contains("proc.cpu.user");
        }
    }

    @ParameterizedTest
    @EnumSource
    void processes_in_cgroups_inside_the_container_count_for_its_virtual_memory(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver();
                var feeder = feeder(driver)) {
            process(tree, "cont0", 42, 1_000);
            process(tree, "cont0/init.scope", 43, 500);
            process(tree, "cont0/system.slice/web.service", 44, 24);
            cpuTime(tree, kind, "cont0", 0, 0);
            feeder.runOnce();
            double before = 1_524.0 * ProcFiles.pageSize() / MIB;
            assertThat(told("proc.mem.virtual", "cont0")).hasValueCloseTo(before, within(1e-9));

            // It is measured in every eighth run and told in each.
            process(tree, "cont0", 42, 2_000);
            double after = 2_524.0 * ProcFiles.pageSize() / MIB;
            List<Double> seen = new ArrayList<>();
            for (int run = 0; run < 24; run++) {
                pass(Duration.ofSeconds(1));
                process(tree, "cont0", 42, run < 8 ? 2_000 : 1_000);
                feeder.runOnce();
                seen.add(told("proc.mem.virtual", "cont0").orElseThrow());
            }
            assertThat(seen).containsOnly(before, after);
            assertThat(Collections.frequency(seen, after)).isEqualTo(8);
            assertThat(seen.get(23)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void containers_are_found_as_they_come_and_go(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("lxc.payload.web-1");
                var driver = tree.driver();
                var feeder = new MetricsFeeder(driver, writer, Optional.empty(), clock, this::nanoTime)) {
            tree.container("system.slice/ssh.service");
            cpuTime(tree, kind, "lxc.payload.web-1", 0, 0);
            assertThat(feeder.runOnce().containers()).isEqualTo(1);
            assertThat(metricsOf("web-1")).contains("proc.mem.resident");

            pass(Duration.ofSeconds(1));
            tree.container("lxc.payload.web-2");
            cpuTime(tree, kind, "lxc.payload.web-2", 0, 0);
            assertThat(feeder.runOnce().containers()).isEqualTo(2);
            assertThat(metricsOf("web-2")).contains("proc.mem.resident");

            pass(Duration.ofSeconds(1));
            tree.remove("lxc.payload.web-1");
            MetricsFeeder.Feeding without = feeder.runOnce();
            assertThat(without.containers()).isEqualTo(1);
            assertThat(without.problems()).isEmpty();
            assertThat(metricsOf("web-1")).isEmpty();
            assertThat(metricsOf("web-2")).contains("proc.cpu.user");
        }
    }

    @Test
    void a_container_that_ends_between_two_searches_is_no_problem() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("lxc.payload.web-1");
                var driver = tree.driver();
                var feeder = new MetricsFeeder(driver, writer, Optional.empty(), clock, this::slowly)) {
            feeder.runOnce();
            assertThat(metricsOf("web-1")).contains("proc.mem.resident");
            tree.remove("lxc.payload.web-1");
            tree.container("lxc.payload.web-2");
            // It is too early to go through all cgroups again.
            assertThat(feeder.runOnce()).isEqualTo(new MetricsFeeder.Feeding(0, 0, List.of()));
            pass(Duration.ofHours(1));
            assertThat(feeder.runOnce().containers()).isEqualTo(1);
            assertThat(metricsOf("web-2")).contains("proc.mem.resident");
        }
    }

    @Test
    void containers_of_the_same_name_are_told_apart_by_their_ids_and_units_are_left_out() {
        assertThat(RunningContainers.names(List.of(
                        found(Engine.DOCKER, "aaa1", "web"),
                        found(Engine.PODMAN, "bbb2", "web"),
                        found(Engine.DOCKER, "ccc3", "db"),
                        found(Engine.LXC, "plain", null),
                        found(Engine.SYSTEMD, "ssh.service", null))))
                .containsExactlyInAnyOrder("aaa1", "bbb2", "db", "plain");
    }

    private static FoundContainer found(Engine engine, String id, String name) {
        return new FoundContainer(engine, id, Optional.ofNullable(name), Map.of());
    }

    private MetricsFeeder feeder(KernelCgroupDriver driver) {
        return new MetricsFeeder(driver, writer, Optional.of(() -> names), clock, this::nanoTime);
    }

    private long nanoTime() {
        return Duration.between(START, clock.instant()).toNanos();
    }

    /** A second passes whenever it is asked for. */
    private long slowly() {
        return Duration.between(START, clock.advance(Duration.ofSeconds(1))).toNanos();
    }

    private void pass(Duration time) {
        clock.advance(time);
    }

    private static void cpuTime(FixtureTree tree, FixtureTree.Kind kind, String name, long user, long kernel) {
        if (kind == FixtureTree.Kind.V2) {
            tree.write(
                    tree.file("cpu", name, "cpu.stat"),
                    "usage_usec " + (user + kernel) / 1000 + "\nuser_usec " + user / 1000 + "\nsystem_usec "
                            + kernel / 1000 + "\nnr_periods 0\nnr_throttled 0\n");
        } else {
            tree.cpuTime(name, user + kernel);
            tree.write(
                    tree.file("cpuacct", name, "cpuacct.stat"),
                    "user " + user / 10_000_000 + "\nsystem " + kernel / 10_000_000 + "\n");
        }
    }

    private static void process(FixtureTree tree, String cgroup, int number, long pages) {
        tree.write(tree.file("memory", cgroup, "cgroup.procs"), number + "\n");
        tree.write("proc/" + number + "/statm", pages + " 10 5 1 0 7 0\n");
    }

    private OptionalDouble told(String metric, String container) {
        return writer.last(metric, "host", container);
    }

    private List<String> metricsOf(String container) {
        return writer.last().stream()
                .filter(point -> point.tags().equals(Map.of("host", container)))
                .map(DataPoint::metric)
                .toList();
    }
}
