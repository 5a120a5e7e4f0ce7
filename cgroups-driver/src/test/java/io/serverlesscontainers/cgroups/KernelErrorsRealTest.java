package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.core.tck.RealThings;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each refusal of the kernel, provoked: one sentence with path, value, errno and what to do. */
class KernelErrorsRealTest {
    private static final String INVALID = "EINVAL (22, invalid argument: the kernel does not take this value here)";

    private RealCgroups cgroups;
    private String container;

    @BeforeEach
    void makeACgroup() {
        cgroups = RealCgroups.require();
        container = cgroups.create();
    }

    @AfterEach
    void removeIt() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    @ParameterizedTest
    @Tag("cgroup-v1")
    @CsvSource({
        "cpu, cpu.cfs_quota_us, 0, -1 or 1000 and more are possible",
        "cpu, cpu.cfs_quota_us, much, -1 or 1000 and more are possible",
        "cpuset, cpuset.cpus, one, a list of CPUs such as 0-1",
        "memory, memory.limit_in_bytes, much, bytes are needed"
    })
    void an_invalid_value(String controller, String file, String value, String advice) {
        assertThatWriting(controller, container, file, value, INVALID + "; " + advice);
    }

    @ParameterizedTest
    @Tag("cgroup-v2")
    @CsvSource({
        "cpu.max, 0 100000, max or 1000 and more are possible",
        "cpu.max, much, max or 1000 and more are possible",
        "cpuset.cpus, one, a list of CPUs such as 0-1",
        "memory.max, much, 'bytes, or max, are needed'"
    })
    void an_invalid_value_in_version_2(String file, String value, String advice) {
        assertThatWriting("any", container, file, value, INVALID + "; " + advice);
    }

    @Test
    @Tag("cgroup-v1")
    void a_limit_of_memory_above_that_of_memory_and_swap() {
        String memsw = "memory.memsw.limit_in_bytes";
        RealThings.require(
                cgroups.directory("memory", container).resolve(memsw).toFile().exists(),
                "a kernel that counts swap is needed: " + memsw);
        cgroups.setMemoryLimit(container, "64M");
        cgroups.write("memory", container, memsw, "64M");
        assertThatWriting(
                "memory",
                container,
                "memory.limit_in_bytes",
                "134217728",
                INVALID + "; bytes are needed, no more than in memory.memsw.limit_in_bytes: raise that first");
        assertThatWriting(
                "memory",
                container,
                memsw,
                "33554432",
                INVALID + "; bytes are needed, no less than in memory.limit_in_bytes: lower that first");
    }

    @Test
    void a_cpu_that_no_machine_has() {
        assertThatWriting(
                "cpuset",
                container,
                "cpuset.cpus",
                "40000",
                "ERANGE (34, out of range: this machine has no such CPU or number); "
                        + "the CPUs that there can be are in /sys/devices/system/cpu/possible");
    }

    @Test
    void the_last_cpu_of_a_process() {
        cgroups.write("cpuset", container, "cpuset.cpus", "0");
        cgroups.run(container, "sleep 1000");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !cgroups.read("cpuset", container, "cgroup.procs").isEmpty());
        assertThatWriting(
                "cpuset",
                container,
                "cpuset.cpus",
                "",
                "ENOSPC (28, no space: a cgroup with processes needs at least one CPU); "
                        + "leave it at least one CPU, or move its processes elsewhere first");
    }

    @Test
    @Tag("cgroup-v1")
    void a_cpu_that_the_cgroup_above_has_not_and_one_that_a_cgroup_below_has() {
        String child = cgroups.create(container + "/child");
        String last = lastCpu();
        cgroups.write("cpuset", child, "cpuset.cpus", last);
        RealThings.require(!last.equals("0"), "two CPUs are needed");
        assertThatWriting(
                "cpuset",
                container,
                "cpuset.cpus",
                "0",
                "EBUSY (16, busy: what is in use cannot be given back); "
                        + "a cgroup below has CPUs that would be taken away: take them from it first");
        cgroups.write("cpuset", child, "cpuset.cpus", "0");
        cgroups.write("cpuset", container, "cpuset.cpus", "0");
        assertThatWriting(
                "cpuset",
                child,
                "cpuset.cpus",
                last,
                "EACCES (13, permission denied); "
                        + "the cgroup above has not all of these CPUs: give them to it first");
    }

    @Test
    @Tag("cgroup-v1")
    void memory_in_use() {
        cgroups.holdMemory(container, 40);
        assertThatWriting(
                "memory",
                container,
                "memory.limit_in_bytes",
                "20971520",
                "EBUSY (16, busy: what is in use cannot be given back); "
                        + "only a limit above the memory in use is possible");
    }

    @Test
    void a_cgroup_that_is_gone() {
        Path directory = cgroups.directory("memory", container);
        try (CgroupRoot root =
                new CgroupRoot.Opener(false).open(directory.getParent().toString())) {
            CgroupDirectory cgroup = root.directory(container);
            var file = cgroup.file("cgroup.procs");
            file.read();
            cgroups.remove(container);
            assertThatThrownBy(() -> file.write("1"))
                    .isInstanceOf(KernelRefusal.class)
                    .hasMessage("cannot open " + directory + "/cgroup.procs for writing: ENOENT (2, no such file or"
                            + " directory); the container has ended, or was started again: look for it anew");
            cgroup.close();
            assertThatThrownBy(() -> file.write("1"))
                    .isInstanceOf(KernelRefusal.class)
                    .hasMessageStartingWith("cannot use " + directory + "/cgroup.procs: ENODEV (19, ")
                    .hasMessageEndingWith("; the container has ended, or was started again: look for it anew");
        }
    }

    private String lastCpu() {
        String all = cgroups.read("cpuset", container, "cpuset.cpus");
        return all.substring(Math.max(all.lastIndexOf('-'), all.lastIndexOf(',')) + 1);
    }

    private void assertThatWriting(String controller, String name, String file, String value, String why) {
        Path directory = cgroups.directory(controller, name);
        Path mounted = cgroups.directory(controller, "x").getParent();
        String before = cgroups.read(controller, name, file);
        try (CgroupRoot root = new CgroupRoot.Opener(false).open(mounted.toString());
                var cgroup = root.directory(name)) {
            var opened = cgroup.file(file);
            assertThatThrownBy(() -> opened.write(value))
                    .isInstanceOf(KernelRefusal.class)
                    .hasMessageStartingWith("cannot write '" + value + "' to " + directory + "/" + file + ": " + why);
        }
        assertThat(cgroups.read(controller, name, file)).isEqualTo(before);
    }
}
