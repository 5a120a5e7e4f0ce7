package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.LimitOutcome.Status;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** On this machine's cgroups, with real processes in them. */
class KernelCgroupDriverRealTest {
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private String container;

    @BeforeEach
    void makeACgroup() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        container = cgroups.create();
    }

    @AfterEach
    void removeIt() {
        if (cgroups != null) {
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void the_kernel_has_the_limits_that_were_written() {
        assertThat(driver.apply(container, LimitChange.cpu(50, CpuSet.of(0))))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(50)));
        assertThat(driver.apply(container, LimitChange.to(Resource.MEMORY, 256)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(256)));
        assertThat(cgroups.quota(container)).isEqualTo("50000");
        assertThat(cgroups.read("cpuset", container, "cpuset.cpus")).isEqualTo("0");
        assertThat(cgroups.memoryLimit(container)).isEqualTo("" + (256L << 20));

        driver.apply(container, LimitChange.lift(Resource.CPU));
        driver.apply(container, LimitChange.lift(Resource.MEMORY));
        assertThat(driver.limits(container).limit(Resource.CPU)).isEmpty();
        assertThat(driver.limits(container).limit(Resource.MEMORY)).isEmpty();
        assertThat(driver.limits(container).cpus()).contains(CpuSet.of(0));
    }

    @Test
    void limits_set_by_hand_are_seen_at_once() {
        driver.limits(container);
        cgroups.setQuota(container, "25000");
        cgroups.setMemoryLimit(container, "100M");
        assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(25);
        assertThat(driver.limits(container).limit(Resource.MEMORY)).hasValue(100);
    }

    @Test
    @Tag("cgroup-v1")
    void swap_and_memory_grow_and_shrink_together_where_the_kernel_counts_both() {
        requireVersion1();
        String memsw = "memory.memsw.limit_in_bytes";
        RealThings.require(
                cgroups.directory("memory", container).resolve(memsw).toFile().exists(),
                "a kernel that counts swap is needed: " + memsw);
        cgroups.setMemoryLimit(container, "128M");
        cgroups.write("memory", container, memsw, "160M");
        for (long wanted : new long[] {512, 64, 256}) {
            assertThat(driver.apply(container, LimitChange.to(Resource.MEMORY, wanted))
                            .status())
                    .isEqualTo(Status.APPLIED);
            assertThat(cgroups.read("memory", container, memsw)).isEqualTo("" + ((wanted + 32) << 20));
        }
        driver.apply(container, LimitChange.lift(Resource.MEMORY));
        assertThat(driver.limits(container).limit(Resource.MEMORY)).isEmpty();
    }

    @Test
    void a_cpu_that_the_machine_does_not_have_is_refused_and_nothing_changes() {
        driver.apply(container, LimitChange.cpu(50, CpuSet.of(0)));
        assertThatThrownBy(() -> driver.apply(container, LimitChange.cpu(100, CpuSet.of(40_000))))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining(
                        "cannot write '40000' to " + cgroups.directory("cpuset", container) + "/cpuset.cpus")
                .hasMessageContaining("ERANGE (34, ");
        assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(50);
        assertThat(driver.limits(container).cpus()).contains(CpuSet.of(0));
    }

    @Test
    @Tag("cgroup-v1")
    void a_quota_beyond_the_parents_is_refused_and_the_cpus_stay_as_they_were() {
        requireVersion1();
        driver.apply(container, LimitChange.to(Resource.CPU, 50));
        String child = cgroups.create(container + "/child");
        assertThatThrownBy(() -> driver.apply(child, LimitChange.cpu(100, CpuSet.of(0))))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("cannot write '100000'")
                .hasMessageContaining("EINVAL (22, ");
        assertThat(driver.limits(child).limit(Resource.CPU)).isEmpty();
        assertThat(driver.limits(child).cpus())
                .isEqualTo(driver.limits(container).cpus());
    }

    @Test
    void a_burner_is_measured_and_gets_no_more_than_its_quota() {
        driver.apply(container, LimitChange.to(Resource.CPU, 20));
        cgroups.burnCpu(container);
        try (var source = new CgroupMetricSource(driver)) {
            assertThat(measure(source).of(container, Resource.CPU)).isEmpty();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> source.throttling(container)
                            .filter(counted -> counted.periods() >= 25 && counted.throttled() >= 3)
                            .isPresent());
            assertThat(measure(source).orNaN(container, Resource.CPU)).isBetween(1.0, 20 * 1.2);
        }
    }

    @Test
    void a_holder_is_measured_and_its_memory_is_never_taken() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, 400));
        cgroups.holdMemory(container, 100);
        try (var source = new CgroupMetricSource(driver)) {
            assertThat(measure(source).orNaN(container, Resource.MEMORY)).isBetween(100.0, 130.0);

            LimitOutcome partial = driver.apply(container, LimitChange.to(Resource.MEMORY, 50));
            assertThat(partial.status()).isEqualTo(Status.PARTIAL);
            assertThat(partial.reached().orElseThrow()).isBetween(116L, 146L);
            assertThat(driver.limits(container).limit(Resource.MEMORY)).isEqualTo(partial.reached());
            assertThat(driver.apply(container, LimitChange.to(Resource.MEMORY, 50))
                            .status())
                    .isEqualTo(Status.REFUSED);
            assertThat(cgroups.kills(container)).isZero();
            assertThat(measure(source).orNaN(container, Resource.MEMORY)).isGreaterThan(99);
        }
    }

    @Test
    void two_threads_that_write_the_same_limit_take_turns() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Void>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                long first = 10 + thread;
                Callable<Void> writer = () -> {
                    for (long shares = first; shares < 2000; shares += 4) {
                        // Another one's write in between would be read back instead.
                        assertThat(driver.apply(container, LimitChange.to(Resource.CPU, shares)))
                                .isEqualTo(LimitOutcome.applied(OptionalLong.of(shares)));
                    }
                    return null;
                };
                all.add(threads.submit(writer));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_container_that_is_started_again_is_found_again_and_measured_anew() {
        try (var source = new CgroupMetricSource(driver)) {
            cgroups.burnCpu(container);
            measure(source);
            driver.apply(container, LimitChange.to(Resource.CPU, 50));
            cgroups.remove(container);
            assertThatThrownBy(() -> driver.limits(container)).isInstanceOf(MissingContainerException.class);
            assertThat(measure(source).problems()).hasSize(1);

            cgroups.create(container);
            cgroups.burnCpu(container);
            assertThat(driver.limits(container).limit(Resource.CPU)).isEmpty();
            assertThat(driver.apply(container, LimitChange.to(Resource.CPU, 50)).status())
                    .isEqualTo(Status.APPLIED);
            assertThat(measure(source).of(container, Resource.CPU)).isEmpty();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> measure(source).orNaN(container, Resource.CPU) > 1);
        }
    }

    @Test
    void a_restart_that_nobody_noticed_does_not_mix_two_counters() {
        try (var source = new CgroupMetricSource(driver)) {
            driver.limits(container);
            measure(source);
            cgroups.remove(container);
            cgroups.create(container);
            cgroups.burnCpu(container);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> cgroups.cpuNanoseconds(container) > 50_000_000);
            // The new counter is ahead of the old one, which was still 0.
            Usages usages = measure(source);
            assertThat(usages.of(container, Resource.CPU)).isEmpty();
            assertThat(usages.of(container, Resource.MEMORY)).isPresent();
            assertThat(usages.problems()).isEmpty();
        }
    }

    @Test
    void the_host_is_this_machine() {
        assertThat(driver.host().cpus().size())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(driver.host().memoryMiB()).isGreaterThan(100);
    }

    private void requireVersion1() {
        RealThings.require(cgroups.version() == Version.V1, "version 1 cgroups are needed");
    }

    private Usages measure(CgroupMetricSource source) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER,
                List.of(container),
                Set.of(Resource.CPU, Resource.MEMORY),
                Instant.EPOCH,
                Instant.EPOCH));
    }
}
