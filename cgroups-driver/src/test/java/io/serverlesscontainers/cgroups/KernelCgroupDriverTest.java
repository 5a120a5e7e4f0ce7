package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On trees of ordinary files: which file is read and written, in which version, and what is said about it. */
class KernelCgroupDriverTest {
    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @EnumSource
    void a_container_without_limits_says_so(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver()) {
            var limits = driver.limits("cont0");
            assertThat(limits.limits())
                    .containsOnlyKeys(Resource.CPU, Resource.MEMORY)
                    .containsValue(OptionalLong.empty());
            assertThat(limits.limit(Resource.CPU)).isEmpty();
            assertThat(limits.limit(Resource.MEMORY)).isEmpty();
            assertThat(limits.cpus()).contains(CpuSet.of(0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void written_limits_are_read_back_and_can_be_lifted(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver()) {
            assertThat(driver.apply("cont0", LimitChange.cpu(150, CpuSet.of(1))))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(150)));
            assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 512)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(512)));
            assertThat(driver.limits("cont0").limit(Resource.CPU)).hasValue(150);
            assertThat(driver.limits("cont0").limit(Resource.MEMORY)).hasValue(512);
            assertThat(driver.limits("cont0").cpus()).contains(CpuSet.of(1));

            driver.apply("cont0", LimitChange.lift(Resource.CPU));
            assertThat(driver.limits("cont0").limit(Resource.CPU)).isEmpty();
            assertThat(driver.limits("cont0").cpus()).contains(CpuSet.of(1));
        }
    }

    @Test
    void version_1_files_hold_what_the_kernel_wants() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver()) {
            driver.apply("cont0", LimitChange.cpu(150, CpuSet.of(0, 1)));
            driver.apply("cont0", LimitChange.to(Resource.MEMORY, 512));
            assertThat(tree.value("cpu", "cont0", "cpu.cfs_quota_us")).isEqualTo("150000");
            assertThat(tree.value("cpu", "cont0", "cpu.cfs_period_us")).isEqualTo("100000");
            assertThat(tree.value("cpuset", "cont0", "cpuset.cpus")).isEqualTo("0-1");
            assertThat(tree.value("memory", "cont0", "memory.limit_in_bytes")).isEqualTo("" + 512 * MIB);
        }
    }

    @Test
    void version_2_files_hold_what_the_kernel_wants() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            driver.apply("cont0", LimitChange.cpu(150, CpuSet.of(0, 1)));
            driver.apply("cont0", LimitChange.to(Resource.MEMORY, 512));
            assertThat(tree.value("cpu", "cont0", "cpu.max")).isEqualTo("150000 100000");
            assertThat(tree.value("cpuset", "cont0", "cpuset.cpus")).isEqualTo("0-1");
            assertThat(tree.value("memory", "cont0", "memory.max")).isEqualTo("" + 512 * MIB);
            driver.apply("cont0", LimitChange.lift(Resource.CPU));
            driver.apply("cont0", LimitChange.lift(Resource.MEMORY));
            assertThat(tree.value("cpu", "cont0", "cpu.max")).isEqualTo("max 100000");
            assertThat(tree.value("memory", "cont0", "memory.max")).isEqualTo("max");
        }
    }

    @Test
    void a_period_that_was_found_is_kept_and_the_limit_still_comes_back_whole() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver()) {
            tree.write(tree.file("cpu", "cont0", "cpu.cfs_period_us"), "33333\n");
            assertThat(driver.apply("cont0", LimitChange.to(Resource.CPU, 50)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(50)));
            assertThat(tree.value("cpu", "cont0", "cpu.cfs_quota_us")).isEqualTo("16667");
            assertThat(tree.value("cpu", "cont0", "cpu.cfs_period_us")).isEqualTo("33333");
        }
    }

    @Test
    void a_quota_below_the_kernels_least_is_refused_before_anything_is_written() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver()) {
            tree.write(tree.file("cpu", "cont0", "cpu.cfs_period_us"), "10000\n");
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.cpu(9, CpuSet.of(0))))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("900 µs")
                    .hasMessageContaining("at least 1000 µs, which is 10 shares");
            assertThat(tree.value("cpu", "cont0", "cpu.cfs_quota_us")).isEqualTo("-1");
            assertThat(tree.value("cpuset", "cont0", "cpuset.cpus")).isEqualTo("0-1");
        }
    }

    @Test
    void an_empty_version_2_cpuset_is_inherited() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            Files.delete(tree.root().resolve(tree.file("cpuset", "cont0", "cpuset.cpus")));
            tree.write(tree.file("cpuset", "cont0", "cpuset.cpus"), "\n");
            assertThat(driver.limits("cont0").cpus()).contains(CpuSet.of(0, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void memory_is_never_lowered_into_what_is_in_use(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.settings().memoryMarginMiB(10).build()) {
            driver.apply("cont0", LimitChange.to(Resource.MEMORY, 1000));
            // Ordinary files take no page cache back, which version 2 has to see before it lets a limit go below.
            long files = kind == FixtureTree.Kind.V2 ? 0 : 400 * MIB;
            tree.memory("cont0", 200 * MIB + files, files);

            assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 300))
                            .status())
                    .isEqualTo(Status.APPLIED);
            LimitOutcome partial = driver.apply("cont0", LimitChange.to(Resource.MEMORY, 100));
            assertThat(partial.status()).isEqualTo(Status.PARTIAL);
            assertThat(partial.reached()).hasValue(210);
            assertThat(partial.reason()).contains("200 MiB that it cannot give back", "10 MiB more");
            LimitOutcome refused = driver.apply("cont0", LimitChange.to(Resource.MEMORY, 100));
            assertThat(refused.status()).isEqualTo(Status.REFUSED);
            assertThat(refused.reached()).hasValue(210);
            assertThat(driver.limits("cont0").limit(Resource.MEMORY)).hasValue(210);
            assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 220))
                            .status())
                    .isEqualTo(Status.APPLIED);
        }
    }

    @Test
    void files_still_to_be_written_keep_a_limit_up_until_they_are_in_version_2() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.settings().memoryMarginMiB(10).build()) {
            driver.apply("cont0", LimitChange.to(Resource.MEMORY, 400));
            String stat = tree.file("memory", "cont0", "memory.stat");
            tree.memory("cont0", 100 * MIB, 80 * MIB);
            tree.write(stat, "file_dirty " + 80 * MIB + "\ninactive_file " + 80 * MIB + "\nactive_file 0\n");
            assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 40))
                            .reached())
                    .hasValue(110);
            tree.memory("cont0", 20 * MIB, 0);
            assertThat(driver.apply("cont0", LimitChange.to(Resource.MEMORY, 40)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(40)));
        }
    }

    @ParameterizedTest
    @CsvSource({"300, 0, 400, 500", "300, 0, 200, 300", "100, 0, 100, 200", "300, 150, 200, 350", "300, 350, 200, 400"})
    void the_amount_of_swap_stays_as_it_is_in_version_1_unless_more_is_in_use(
            long before, long swapInUse, long wanted, long withSwap) {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            String memsw = "memory.memsw.limit_in_bytes";
            tree.write(tree.file("memory", "cont0", "memory.limit_in_bytes"), before * MIB + "\n");
            tree.write(tree.file("memory", "cont0", memsw), (before + 100) * MIB + "\n");
            tree.write(tree.file("memory", "cont0", "memory.memsw.usage_in_bytes"), swapInUse * MIB + "\n");
            try (var driver = tree.driver()) {
                driver.apply("cont0", LimitChange.to(Resource.MEMORY, wanted));
                assertThat(tree.value("memory", "cont0", memsw)).isEqualTo("" + withSwap * MIB);
                driver.apply("cont0", LimitChange.lift(Resource.MEMORY));
                assertThat(tree.value("memory", "cont0", memsw)).isEqualTo("-1");
                assertThat(tree.value("memory", "cont0", "memory.limit_in_bytes"))
                        .isEqualTo("-1");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"CPU, 6553601, 6553600", "MEMORY, 4398046511104, 4398046511103", "CPU, 9223372036854775807, 6553600"})
    void limits_beyond_any_machine_are_refused(Resource resource, long limit, String most) {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(resource, limit)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("is " + limit)
                    .hasMessageContaining("at most " + most);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_host_has_its_cpus_and_memory(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind);
                var driver = tree.driver()) {
            assertThat(driver.host()).isEqualTo(new HostCapacity(CpuSet.of(0, 1), 4096));
            assertThat(driver.resources()).containsExactlyInAnyOrder(Resource.CPU, Resource.MEMORY);
        }
    }

    @Test
    void a_resource_that_is_not_handled_is_refused() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.NET, 100)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("net cannot be limited here, only [cpu, mem] can");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"group/cont0", "lxc.payload.cont0", "lxc.payload/cont0", "lxc/cont0"})
    void containers_are_found_where_they_may_be(String path) {
        for (FixtureTree.Kind kind : FixtureTree.Kind.values()) {
            try (var tree = FixtureTree.of(kind).container(path);
                    var driver = tree.driver()) {
                String name = path.startsWith("lxc") ? "cont0" : path;
                driver.apply(name, LimitChange.to(Resource.MEMORY, 99));
                assertThat(driver.limits(path).limit(Resource.MEMORY)).hasValue(99);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_missing_container_is_named_with_where_it_was_looked_for(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind);
                var driver = tree.driver()) {
            assertThatThrownBy(() -> driver.limits("ghost"))
                    .isInstanceOf(MissingContainerException.class)
                    .hasMessageContaining("'ghost'")
                    .hasMessageContaining("lxc.payload.ghost or ghost in [" + tree.root() + "/sys/fs/cgroup");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_container_that_ends_is_missing_and_one_that_comes_back_is_found(FixtureTree.Kind kind) {
        try (var tree = FixtureTree.of(kind).container("cont0");
                var driver = tree.driver()) {
            driver.apply("cont0", LimitChange.to(Resource.CPU, 50));
            tree.remove("cont0");
            assertThatThrownBy(() -> driver.limits("cont0")).isInstanceOf(MissingContainerException.class);
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.CPU, 50)))
                    .isInstanceOf(MissingContainerException.class);
            tree.container("lxc.payload.cont0");
            assertThat(driver.limits("cont0").limit(Resource.CPU)).isEmpty();
        }
    }

    @Test
    void one_missing_file_does_not_make_the_container_missing() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
                var driver = tree.driver()) {
            Files.delete(tree.root().resolve(tree.file("cpu", "cont0", "cpu.cfs_quota_us")));
            assertThatThrownBy(() -> driver.limits("cont0"))
                    .isNotInstanceOf(MissingContainerException.class)
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("cont0/cpu.cfs_quota_us: ENOENT (2, ");
        }
    }

    @Test
    void nobody_gets_out_through_a_symbolic_link() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            var cgroups = tree.root().resolve("sys/fs/cgroup");
            Files.createSymbolicLink(cgroups.resolve("alias"), cgroups.resolve("cont0"));
            assertThatThrownBy(() -> driver.limits("alias")).isInstanceOf(MissingContainerException.class);
        }
    }

    @Test
    void each_controller_is_used_in_the_version_that_it_is_mounted_in() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            tree.write("proc/self/mountinfo", """
                    32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu
                    33 31 0:30 / /my\\040cgroups rw - cgroup2 cgroup2 rw
                    34 31 0:31 / /elsewhere rw - cgroup2 cgroup2 rw
                    """);
            tree.write("my cgroups/cgroup.controllers", "cpu memory\n");
            tree.write("my cgroups/cont0/memory.max", "" + 256 * MIB);
            tree.write("my cgroups/cont0/cpu.max", "77000 100000\n");
            try (var driver = tree.driver()) {
                driver.apply("cont0", LimitChange.to(Resource.CPU, 33));
                assertThat(tree.value("cpu", "cont0", "cpu.cfs_quota_us")).isEqualTo("33000");
                assertThat(driver.limits("cont0").limit(Resource.CPU)).hasValue(33);
                assertThat(driver.limits("cont0").limit(Resource.MEMORY)).hasValue(256);
                assertThat(driver.limits("cont0").cpus()).isEmpty();
                assertThat(driver.host().cpus()).isEqualTo(CpuSet.of(0, 1));
                assertThatThrownBy(() -> driver.apply("cont0", LimitChange.cpu(50, CpuSet.of(0))))
                        .isInstanceOf(CgroupException.class)
                        .hasMessageContaining("no cgroup of the cpuset controller");
                assertThat(tree.value("cpu", "cont0", "cpu.cfs_quota_us")).isEqualTo("33000");
            }
        }
    }

    @Test
    void a_version_2_controller_that_is_not_enabled_is_left_out_and_used_once_it_is() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver()) {
            for (String file : new String[] {"cpuset.cpus", "cpu.max"}) {
                Files.delete(tree.root().resolve(tree.file("any", "cont0", file)));
            }
            assertThat(driver.limits("cont0").limits()).containsOnlyKeys(Resource.MEMORY);
            assertThat(driver.limits("cont0").cpus()).isEmpty();
            assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.CPU, 50)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessage("container 'cont0' has no cpu controller at work in its cgroups [" + tree.root()
                            + "/sys/fs/cgroup/cont0]");

            tree.write(tree.file("any", "cont0", "cpuset.cpus"), "1\n");
            tree.write(tree.file("any", "cont0", "cpu.max"), "70000 100000\n");
            assertThat(driver.limits("cont0").limit(Resource.CPU)).hasValue(70);
            assertThat(driver.limits("cont0").cpus()).isPresent();
        }
    }

    @Test
    void a_container_that_is_looked_at_while_it_is_being_started_is_whole_later() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1);
                var driver = tree.driver()) {
            tree.write(tree.file("memory", "cont0", "memory.limit_in_bytes"), 64 * MIB + "\n");
            assertThat(driver.limits("cont0").limits()).containsOnlyKeys(Resource.MEMORY);
            tree.container("cont0");
            driver.apply("cont0", LimitChange.cpu(50, CpuSet.of(1)));
            assertThat(driver.limits("cont0").limits()).containsOnlyKeys(Resource.CPU, Resource.MEMORY);
        }
    }

    @Test
    void a_tree_of_ordinary_files_is_no_cgroup_tree_unless_a_test_says_so() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0")) {
            assertThatThrownBy(() -> Cgroups.builder()
                            .fileSystem(tree.root())
                            .proc(tree.root().resolve("proc"))
                            .build())
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining(tree.root() + "/sys/fs/cgroup lies on a file system of type 0x")
                    .hasMessageContaining("a cgroup file system is needed");
        }
    }

    @Test
    void a_machine_without_cgroups_is_said_to_have_none() {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2)) {
            tree.write("proc/self/mountinfo", "22 1 254:0 / / rw - ext4 /dev/root rw\n");
            assertThatThrownBy(tree::driver)
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("proc/self/mountinfo lists no cgroup file system");
        }
    }

    @Test
    void a_closed_driver_says_so_and_holds_no_files() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0")) {
            var driver = tree.driver();
            driver.limits("cont0");
            driver.apply("cont0", LimitChange.to(Resource.CPU, 50));
            assertThat(openBeneath(tree)).isPositive();
            driver.close();
            driver.close();
            assertThat(openBeneath(tree)).isZero();
            assertThatThrownBy(() -> driver.limits("cont0"))
                    .isInstanceOf(CgroupException.class)
                    .hasMessage("the cgroup driver is closed");
        }
    }

    @Test
    void a_container_that_ended_leaves_no_open_files() throws Exception {
        try (var tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0").container("cont1");
                var driver = tree.driver()) {
            long before = openBeneath(tree);
            driver.limits("cont0");
            tree.remove("cont0");
            assertThatThrownBy(() -> driver.limits("cont0")).isInstanceOf(MissingContainerException.class);
            assertThat(openBeneath(tree)).isEqualTo(before);
        }
    }

    /** How many of this process's descriptors lead into the tree. */
    private static long openBeneath(FixtureTree tree) throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).startsWith(tree.root());
                        } catch (IOException closedMeanwhile) {
                            return false;
                        }
                    })
                    .count();
        }
    }
}
