package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.kernel.Errno;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.v2.CpusetV2;
import io.serverlesscontainers.cgroups.internal.v2.MemoryV2;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the version 2 kernel does otherwise than version 1, and what the driver makes of it. */
@Tag("cgroup-v2")
class Version2RealTest {
    private static final long SEED = 1_848;
    private static final int DECREASES = 40;
    private static final int HELD_MIB = 60;
    private static final int WRITTEN_MIB = 40;
    private static final long PLENTY_MIB = 300;

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private String container;
    private Path file;

    @BeforeEach
    void makeACgroup() throws IOException {
        cgroups = RealCgroups.requireV2();
        driver = Cgroups.detect();
        container = cgroups.create();
        // A directory for temporary files may lie in memory, where nothing is written to a disk.
        file = Files.createTempFile(Path.of("").toAbsolutePath(), "sc-test-", ".written");
    }

    @AfterEach
    void removeIt() throws IOException {
        if (cgroups != null) {
            driver.close();
            cgroups.close();
            Files.deleteIfExists(file);
        }
    }

    @Test
    void the_kernel_kills_for_a_limit_below_the_memory_in_use_and_the_driver_does_not_let_it() {
        cgroups.holdMemory(container, HELD_MIB);
        LimitOutcome outcome = driver.apply(container, LimitChange.to(Resource.MEMORY, HELD_MIB / 2));
        assertThat(outcome.status()).isEqualTo(Status.PARTIAL);
        assertThat(outcome.reached().orElseThrow()).isGreaterThan(HELD_MIB);
        assertThat(cgroups.kills(container)).isZero();
        assertThat(cgroups.charged(container)).isGreaterThanOrEqualTo((long) HELD_MIB << 20);

        // The same by hand: taken without complaint.
        cgroups.setMemoryLimit(container, HELD_MIB / 2 + "M");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> cgroups.kills(container) > 0);
        assertThat(cgroups.memoryLimit(container)).isEqualTo("" + ((long) HELD_MIB / 2 << 20));
    }

    @Test
    void nobody_is_killed_while_files_are_being_written() {
        cgroups.holdMemory(container, HELD_MIB);
        cgroups.run(
                container,
                "while :; do dd if=/dev/zero of=" + file + " bs=1M count=" + WRITTEN_MIB + " conv=notrunc; done");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> cgroups.charged(container) > (long) (HELD_MIB + WRITTEN_MIB / 2) << 20);
        assertThatNobodyIsKilledByDecreases();
    }

    private void assertThatNobodyIsKilledByDecreases() {
        var random = new Random(SEED);
        for (int i = 0; i < DECREASES; i++) {
            driver.apply(container, LimitChange.to(Resource.MEMORY, PLENTY_MIB));
            long wanted = random.nextLong(1, PLENTY_MIB);
            OptionalLong reached = driver.apply(container, LimitChange.to(Resource.MEMORY, wanted))
                    .reached();
            assertThat(reached.orElseThrow())
                    .as("asked for %d MiB", wanted)
                    .isGreaterThanOrEqualTo(Math.max(wanted, HELD_MIB))
                    .isLessThanOrEqualTo(PLENTY_MIB);
        }
        assertThat(cgroups.kills(container)).isZero();
        assertThat(cgroups.charged(container)).isGreaterThanOrEqualTo((long) HELD_MIB << 20);
    }

    @Test
    void before_memory_could_be_asked_back_memory_high_did_it_and_is_as_it_was_afterwards()
            throws InterruptedException {
        for (String before : List.of("max", "" + (200L << 20))) {
            cgroups.write("memory", container, "memory.high", before);
            writeAndWait();
            long limit = (long) WRITTEN_MIB / 2 << 20;
            try (CgroupRoot root = new CgroupRoot.Opener(false).open("/sys/fs/cgroup");
                    var directory = root.directory(container)) {
                var memory = MemoryV2.beforeReclaim(directory);
                assertThat(memory.lower(limit, Duration.ZERO).orElseThrow())
                        .contains("would kill", container + "/memory.current");
                assertThat(memory.lower(limit, Duration.ofSeconds(20))).isEmpty();
                assertThat(memory.charged()).isLessThanOrEqualTo(limit);
                memory.raise(KernelText.NO_LIMIT);
            }
            assertThat(cgroups.read("memory", container, "memory.high")).isEqualTo(before);
            assertThat(cgroups.kills(container)).isZero();
        }
    }

    /**
     * Fills the container with a file whose pages are all on the disk. A page or two of the file system's own may stay dirty
     * for as long as the kernel likes.
     */
    private void writeAndWait() throws InterruptedException {
        // What nobody has read before is charged to who reads it first.
        Process writer = cgroups.start(
                container,
                List.of("sh", "-c", "dd if=/dev/zero of=" + file + " bs=1M count=" + WRITTEN_MIB + " && sync " + file));
        assertThat(writer.waitFor(1, TimeUnit.MINUTES)).as("written in time").isTrue();
        assertThat(writer.exitValue()).isZero();
        assertThat(cgroups.charged(container)).isGreaterThan((long) WRITTEN_MIB << 20);
    }

    @Test
    void a_lifted_limit_is_called_max() {
        driver.apply(container, LimitChange.to(Resource.CPU, 50));
        driver.apply(container, LimitChange.to(Resource.MEMORY, 128));
        assertThat(cgroups.read("cpu", container, "cpu.max")).isEqualTo("50000 100000");
        driver.apply(container, LimitChange.lift(Resource.CPU));
        driver.apply(container, LimitChange.lift(Resource.MEMORY));
        assertThat(cgroups.read("cpu", container, "cpu.max")).isEqualTo("max 100000");
        assertThat(cgroups.memoryLimit(container)).isEqualTo("max");
    }

    @Test
    void the_period_stays_as_it_is() {
        cgroups.setQuota(container, "max 20000");
        driver.apply(container, LimitChange.to(Resource.CPU, 150));
        assertThat(cgroups.read("cpu", container, "cpu.max")).isEqualTo("30000 20000");
        assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(150);
    }

    @Test
    void a_container_that_pins_nothing_has_its_parents_cpus() {
        assertThat(cgroups.read("cpuset", container, "cpuset.cpus")).isEmpty();
        assertThat(driver.limits(container).cpus()).contains(driver.host().cpus());
    }

    @Test
    void processes_cannot_be_left_without_a_cpu_and_the_refusal_says_so() {
        driver.apply(container, LimitChange.cpu(50, CpuSet.of(0)));
        cgroups.run(container, "sleep 1000");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> !cgroups.read("cpuset", container, "cgroup.procs").isEmpty());
        try (CgroupRoot root = new CgroupRoot.Opener(false).open("/sys/fs/cgroup");
                var directory = root.directory(container)) {
            assertThatThrownBy(() -> new CpusetV2(directory).write(CpuSet.NONE))
                    .isInstanceOfSatisfying(
                            KernelRefusal.class,
                            refusal -> assertThat(refusal.errno()).isEqualTo(Errno.ENOSPC))
                    .hasMessage("cannot write '' to /sys/fs/cgroup/" + container + "/cpuset.cpus: "
                            + "ENOSPC (28, no space: a cgroup with processes needs at least one CPU); "
                            + "leave it at least one CPU, or move its processes elsewhere first");
        }
        assertThat(driver.limits(container).cpus()).contains(CpuSet.of(0));
    }

    @Test
    void without_processes_the_cpus_can_be_inherited_again() {
        driver.apply(container, LimitChange.cpu(50, CpuSet.of(0)));
        try (CgroupRoot root = new CgroupRoot.Opener(false).open("/sys/fs/cgroup");
                var directory = root.directory(container)) {
            new CpusetV2(directory).write(CpuSet.NONE);
        }
        assertThat(cgroups.read("cpuset", container, "cpuset.cpus")).isEmpty();
        assertThat(driver.limits(container).cpus()).contains(driver.host().cpus());
    }

    @Test
    void cpus_that_the_parent_lacks_are_taken_and_reported_as_not_in_force() {
        assertThat(driver.host().cpus()).isEqualTo(CpuSet.of(0, 1));
        driver.apply(container, LimitChange.cpu(100, CpuSet.of(0)));
        cgroups.enableControllersBelow(container);
        String child = cgroups.create(container + "/child");
        LimitOutcome outcome = driver.apply(child, LimitChange.cpu(50, CpuSet.of(0, 1)));
        assertThat(outcome.status()).isEqualTo(Status.PARTIAL);
        assertThat(outcome.reason()).startsWith("of CPUs 0-1 the container may only run on '0'");
        assertThat(driver.limits(child).cpus()).contains(CpuSet.of(0));
    }

    @Test
    void a_quota_beyond_the_parents_is_taken() {
        driver.apply(container, LimitChange.to(Resource.CPU, 50));
        cgroups.enableControllersBelow(container);
        String child = cgroups.create(container + "/child");
        assertThat(driver.apply(child, LimitChange.to(Resource.CPU, 100)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(100)));
    }

    @Test
    void where_no_controller_is_at_work_there_is_no_limit_to_write() {
        String child = cgroups.create(container + "/child");
        assertThat(driver.limits(child).limits()).isEmpty();
        for (Resource resource : List.of(Resource.CPU, Resource.MEMORY)) {
            assertThatThrownBy(() -> driver.apply(child, LimitChange.to(resource, 100)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("has no " + resource + " controller at work in its cgroups");
        }
        cgroups.enableControllersBelow(container);
        assertThat(driver.apply(child, LimitChange.to(Resource.MEMORY, 100)).status())
                .isEqualTo(Status.APPLIED);
    }

    @Test
    void the_kernel_tells_how_long_processes_waited() {
        for (String file : List.of("cpu.pressure", "memory.pressure", "io.pressure")) {
            assertThat(cgroups.read("cpu", container, file)).startsWith("some avg10=");
        }
    }
}
