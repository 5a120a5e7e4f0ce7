package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** On trees of ordinary files: which disk is meant, and which files tell and limit its throughput. */
class DiskTest {
    private static final long MIB = 1 << 20;
    private static final long SECOND = 1_000_000_000;
    private static final Path ROOT = Path.of("/");
    private static final Set<Resource> DISK = Set.of(Resource.DISK_READ, Resource.DISK_WRITE);

    private final AtomicLong clock = new AtomicLong();

    @ParameterizedTest
    @EnumSource
    void only_a_disk_that_is_named_is_limited(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var without = tree.driver();
                var with = tree.settings().disk(ROOT).build()) {
            assertThat(without.resources()).doesNotContainAnyElementsOf(DISK);
            assertThat(without.limits("cont0").limits()).doesNotContainKeys(Resource.DISK_READ, Resource.DISK_WRITE);
            assertThat(with.resources()).containsAll(DISK);
            assertThat(with.limits("cont0").limits())
                    .containsEntry(Resource.DISK_READ, OptionalLong.empty())
                    .containsEntry(Resource.DISK_WRITE, OptionalLong.empty());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "V2")
    void version_1_has_a_rule_for_each_direction_and_0_lifts_it(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.settings().disk(ROOT).build()) {
            driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 10));
            driver.apply("cont0", LimitChange.to(Resource.DISK_WRITE, 20));
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.read_bps_device"))
                    .isEqualTo("254:0 10485760");
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.write_bps_device"))
                    .isEqualTo("254:0 20971520");
            driver.apply("cont0", LimitChange.lift(Resource.DISK_WRITE));
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.write_bps_device"))
                    .isEqualTo("254:0 0");
            assertThat(driver.limits("cont0").limit(Resource.DISK_READ)).hasValue(10);
        }
    }

    @Test
    void version_2_is_told_only_what_changes() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.settings().disk(ROOT).build()) {
            tree.write(
                    tree.file("io", "cont0", "io.max"),
                    "7:0 rbps=1 wbps=1 riops=1 wiops=1\n254:0 rbps=5242881 wbps=max riops=100 wiops=max\n");
            // Cut to whole MiB.
            assertThat(driver.limits("cont0").limit(Resource.DISK_READ)).hasValue(5);
            assertThat(driver.limits("cont0").limit(Resource.DISK_WRITE)).isEmpty();
            driver.apply("cont0", LimitChange.to(Resource.DISK_WRITE, 20));
            assertThat(tree.value("io", "cont0", "io.max")).isEqualTo("254:0 wbps=20971520");
            driver.apply("cont0", LimitChange.lift(Resource.DISK_READ));
            assertThat(tree.value("io", "cont0", "io.max")).isEqualTo("254:0 rbps=max");
        }
    }

    @Test
    void limits_beyond_63_bits_are_refused() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.settings().disk(ROOT).build()) {
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 1L << 43)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessage("disk limit is 8796093022208 MiB/s, at most 8796093022207 MiB/s is possible");
            assertThat(driver.apply("cont0", LimitChange.to(Resource.DISK_READ, (1L << 43) - 1)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of((1L << 43) - 1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void usage_is_what_went_to_and_from_this_disk_since_the_call_before(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var source = new CgroupMetricSource(driver, clock::get)) {
            assertThat(ask(source).of("cont0", Resource.DISK_READ)).isEmpty();
            clock.addAndGet(2 * SECOND);
            tree.disk("cont0", 30 * MIB, 5 * MIB);
            Usages usages = ask(source);
            assertThat(usages.of("cont0", Resource.DISK_READ)).hasValue(15);
            assertThat(usages.of("cont0", Resource.DISK_WRITE)).hasValue(2.5);
            assertThat(usages.problems()).isEmpty();
        }
    }

    @Test
    void version_1_counts_nothing_on_a_disk_without_a_rule_so_one_that_limits_nothing_is_written_once() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var source = new CgroupMetricSource(driver, clock::get)) {
            ask(source);
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.read_bps_device"))
                    .isEqualTo("254:0 0");
            tree.write(tree.file("blkio", "cont0", "blkio.throttle.read_bps_device"), "");
            ask(source);
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.read_bps_device"))
                    .isEmpty();
        }
    }

    @Test
    void a_rule_that_is_there_stays_and_a_disk_that_is_counted_gets_none() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var source = new CgroupMetricSource(driver, clock::get)) {
            String reads = tree.file("blkio", "cont0", "blkio.throttle.read_bps_device");
            tree.write(reads, "254:0 1048576\n");
            ask(source);
            assertThat(tree.value("blkio", "cont0", "blkio.throttle.read_bps_device"))
                    .isEqualTo("254:0 1048576");
            tree.container("cont1").disk("cont1", 0, 0);
            ask(source, "cont1");
            assertThat(tree.value("blkio", "cont1", "blkio.throttle.read_bps_device"))
                    .isEmpty();
        }
    }

    @Test
    void a_counter_that_is_cut_off_is_a_problem_and_no_number() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var source = new CgroupMetricSource(driver, clock::get)) {
            tree.write(tree.file("io", "cont0", "io.stat"), "8:0 rbytes=1 wbytes=1\n8:1 rby");
            assertThat(ask(source).problems())
                    .singleElement()
                    .satisfies(problem ->
                            assertThat(problem.sentence()).contains("cont0/io.stat is cut off after 29 bytes"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_container_without_a_cgroup_of_the_controller_has_no_disk_limits_until_it_gets_one(FixtureTree.Kind kind)
            throws Exception {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.settings().disk(ROOT).build();
                var source = new CgroupMetricSource(driver, clock::get)) {
            boolean v2 = kind == FixtureTree.Kind.V2;
            if (v2) {
                Files.delete(tree.root().resolve(tree.file("io", "cont0", "io.max")));
            } else {
                tree.remove("blkio", "cont0");
            }
            ask(source);
            assertThat(driver.limits("cont0").limits()).containsOnlyKeys(Resource.CPU, Resource.MEMORY);
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 5)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageStartingWith("container 'cont0' has no disk_read controller at work in its cgroups");
            tree.container(v2 ? "elsewhere" : "cont0");
            tree.write(tree.file(v2 ? "io" : "blkio", "cont0", v2 ? "io.max" : "some.file"), "");
            // Without a call for the limits: sampling alone looks again too.
            ask(source);
            clock.addAndGet(SECOND);
            tree.disk("cont0", MIB, MIB);
            assertThat(ask(source).of("cont0", Resource.DISK_READ)).isPresent();
            assertThat(driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 5))
                            .status())
                    .isEqualTo(LimitOutcome.Status.APPLIED);
        }
    }

    @Test
    void disks_may_be_limited_in_version_2_where_all_else_is_in_version_1() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            tree.write("proc/self/mountinfo", """
                    22 1 254:0 / / rw - ext4 /dev/root rw
                    32 22 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
                    33 22 0:30 / /unified rw - cgroup2 cgroup2 rw
                    """);
            tree.write("unified/cgroup.controllers", "io\n");
            tree.write("unified/cont0/io.max", "");
            tree.write("unified/cont0/io.stat", "");
            try (var driver = tree.settings().disk(ROOT).build()) {
                assertThat(driver.resources()).containsExactly(Resource.CPU, Resource.DISK_READ, Resource.DISK_WRITE);
                driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 3));
                assertThat(driver.limits("cont0").limit(Resource.DISK_READ)).hasValue(3);
            }
        }
    }

    @Test
    void without_the_controller_there_is_no_disk_to_limit() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            tree.write("proc/self/mountinfo", """
                    22 1 254:0 / / rw - ext4 /dev/root rw
                    32 22 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
                    """);
            try (var driver = tree.settings().disk(ROOT).build()) {
                assertThat(driver.resources()).containsExactly(Resource.CPU);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, 254:0",
        "/data, 259:3",
        "/data/containers, 259:3",
        "/data/../data/./link/inside, 259:3",
        "/mapped, 253:2"
    })
    void a_partition_stands_for_its_disk_and_a_mapped_device_for_itself(String path, String device) throws IOException {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            mountDevices(tree);
            Files.createSymbolicLink(tree.root().resolve("data/link"), Path.of("containers"));
            try (var driver = tree.settings().disk(Path.of(path)).build()) {
                driver.apply("cont0", LimitChange.to(Resource.DISK_READ, 1));
                assertThat(tree.value("blkio", "cont0", "blkio.throttle.read_bps_device"))
                        .isEqualTo(device + " 1048576");
            }
        }
    }

    private static void mountDevices(FixtureTree tree) throws IOException {
        String mounts = Files.readString(tree.root().resolve("proc/self/mountinfo"));
        tree.write("proc/self/mountinfo", mounts + """
                50 22 259:5 / /data rw - ext4 /dev/nvme0n1p2 rw
                51 22 253:2 / /mapped rw - xfs /dev/mapper/vg-lv rw
                52 22 0:77 / /btrfs rw - btrfs /dev/nvme1n1 rw,subvol=/
                53 22 9:9 / /gone rw - ext4 /dev/md9 rw
                """);
        tree.write("data/containers/inside/file", "");
        for (String directory : List.of("mapped", "btrfs", "gone")) {
            Files.createDirectories(tree.root().resolve(directory));
        }
        tree.blockDevice("259:3", "pci/nvme/nvme0/nvme0n1");
        tree.blockDevice("259:5", "pci/nvme/nvme0/nvme0n1/nvme0n1p2");
        tree.write("sys/devices/pci/nvme/nvme0/nvme0n1/nvme0n1p2/partition", "2\n");
        tree.blockDevice("253:2", "virtual/block/dm-2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/nope | there is no ROOT/nope",
                "/btrfs | it is on a file system of type btrfs (/dev/nvme1n1 at /btrfs), which tells of no block device; "
                        + "name the device, such as /dev/sda",
                "/gone | its block device 9:9 is not listed at ROOT/sys/dev/block/9:9",
                "/out | it leads out of ROOT, to /"
            })
    void a_disk_that_cannot_be_told_is_one_sentence(String path, String why) throws IOException {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1)) {
            mountDevices(tree);
            Files.createSymbolicLink(tree.root().resolve("out"), ROOT);
            assertThatThrownBy(() -> tree.settings().disk(Path.of(path)).build())
                    .isInstanceOf(CgroupException.class)
                    .hasMessage("the disk of " + path + " cannot be told: "
                            + why.replace("ROOT", tree.root().toString()));
        }
    }

    private static Usages ask(CgroupMetricSource source) {
        return ask(source, "cont0");
    }

    private static Usages ask(CgroupMetricSource source, String container) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, List.of(container), DISK, Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
    }
}
