package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Files;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Period and burst of CPU quotas, which the kernel takes in certain orders only. */
class CpuBurstRealTest {
    private RealCgroups cgroups;
    private String container;

    @BeforeEach
    void makeACgroup() {
        cgroups = RealCgroups.require();
        container = cgroups.create();
        RealThings.require(
                Files.exists(cgroups.directory("cpu", container).resolve(burstFile())),
                "a kernel with " + burstFile() + " (Linux 5.15) is needed");
    }

    @AfterEach
    void removeIt() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    private String burstFile() {
        return cgroups.version() == Version.V1 ? "cpu.cfs_burst_us" : "cpu.max.burst";
    }

    private String burst() {
        return cgroups.read("cpu", container, burstFile());
    }

    @Test
    void the_burst_follows_the_quota_up_and_down() {
        try (var driver = Cgroups.builder().cpuBurst(0.5).build()) {
            for (long shares : new long[] {100, 40, 150, 20}) {
                assertThat(driver.apply(container, LimitChange.to(Resource.CPU, shares)))
                        .isEqualTo(LimitOutcome.applied(OptionalLong.of(shares)));
                assertThat(burst()).isEqualTo(Long.toString(shares * 500));
            }
            assertThat(driver.apply(container, LimitChange.lift(Resource.CPU)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.empty()));
        }
    }

    @Test
    void a_burst_set_by_hand_stays_but_never_keeps_a_limit_from_going_down() {
        try (var driver = Cgroups.detect()) {
            driver.apply(container, LimitChange.to(Resource.CPU, 100));
            cgroups.write("cpu", container, burstFile(), "80000");

            driver.apply(container, LimitChange.to(Resource.CPU, 90));
            assertThat(burst()).isEqualTo("80000");
            assertThat(driver.apply(container, LimitChange.to(Resource.CPU, 30)))
                    .isEqualTo(LimitOutcome.applied(OptionalLong.of(30)));
            assertThat(burst()).isEqualTo("30000");
        }
    }

    @Test
    void a_quota_may_be_written_in_another_period() {
        try (var driver = Cgroups.builder().cpuPeriod(Duration.ofMillis(20)).build();
                var slower = Cgroups.builder().cpuPeriod(Duration.ofMillis(500)).build()) {
            driver.apply(container, LimitChange.to(Resource.CPU, 150));
            assertThat(cgroups.quota(container)).isEqualTo("30000");
            assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(150);

            slower.apply(container, LimitChange.to(Resource.CPU, 70));
            assertThat(cgroups.quota(container)).isEqualTo("350000");
            assertThat(driver.limits(container).limit(Resource.CPU)).hasValue(70);
        }
    }

    @Test
    @Tag("cgroup-v1")
    void what_the_kernel_refuses_leaves_quota_period_and_burst_as_they_were() {
        RealThings.require(cgroups.version() == Version.V1, "version 1 cgroups are needed");
        String child = cgroups.create(container + "/child");
        try (var driver = Cgroups.detect();
                var other = Cgroups.builder()
                        .cpuPeriod(Duration.ofMillis(500))
                        .cpuBurst(1)
                        .build()) {
            driver.apply(container, LimitChange.to(Resource.CPU, 50));
            driver.apply(child, LimitChange.to(Resource.CPU, 40));
            cgroups.write("cpu", child, burstFile(), "1000");

            assertThatThrownBy(() -> other.apply(child, LimitChange.to(Resource.CPU, 60)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("EINVAL (22, ");

            assertThat(cgroups.quota(child)).isEqualTo("40000");
            assertThat(cgroups.read("cpu", child, "cpu.cfs_period_us")).isEqualTo("100000");
            assertThat(cgroups.read("cpu", child, "cpu.cfs_burst_us")).isEqualTo("1000");
        }
    }
}
