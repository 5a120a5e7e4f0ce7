package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.Signals;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Containers that the kernel really holds back, and what is told of it. */
class SignalsRealTest {
    private static final int LIMIT_MIB = 16;
    private static final int FILE_MIB = 48;

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;
    private String container;
    private Path file;

    @BeforeEach
    void makeACgroup() throws IOException {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        source = new CgroupMetricSource(driver).withSignals();
        container = cgroups.create();
        // A directory for temporary files may lie in memory.
        file = Files.createTempFile(Path.of("").toAbsolutePath(), "sc-test-", ".read");
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
    void a_busy_loop_with_a_small_quota_is_throttled_in_most_periods() {
        driver.apply(container, LimitChange.to(Resource.CPU, 20));
        assertThat(told(Resource.CPU)).isEqualTo(Signals.NONE);
        cgroups.burnCpu(container);
        // Nobody who shares a busy machine uses up each quota.
        await(Resource.CPU, signals -> signals.throttledRatio() > 0.5);
    }

    @Test
    void nobody_is_throttled_without_a_quota() {
        told(Resource.CPU);
        cgroups.burnCpu(container);
        long before = cgroups.cpuNanoseconds(container);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> cgroups.cpuNanoseconds(container) > before + 200_000_000);
        assertThat(told(Resource.CPU).throttledRatio()).isZero();
    }

    @Test
    void who_reads_more_files_than_the_limit_has_room_for_runs_into_it() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, LIMIT_MIB));
        told(Resource.MEMORY);
        readMoreThanTheLimit();
        Signals signals = await(Resource.MEMORY, told -> told.limitHits() > 0);
        assertThat(signals.oomKills()).isZero();
    }

    @Test
    void who_holds_more_than_the_limit_is_killed_and_counted() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, LIMIT_MIB));
        told(Resource.MEMORY);
        // Reads all before it writes.
        cgroups.run(container, "dd if=/dev/zero of=/dev/null bs=64M count=1");
        assertThat(await(Resource.MEMORY, told -> told.oomKills() > 0).oomKills())
                .isEqualTo(cgroups.kills(container));
        assertThat(told(Resource.MEMORY).oomKills()).isZero();
    }

    @Test
    @Tag("cgroup-v2")
    void who_waits_for_a_cpu_is_under_pressure() {
        driver.apply(container, LimitChange.to(Resource.CPU, 20));
        told(Resource.CPU);
        cgroups.burnCpu(container);
        Signals signals = await(Resource.CPU, told -> told.pressureSome() > 0.3);
        assertThat(signals.pressureFull()).isLessThanOrEqualTo(signals.pressureSome());
    }

    @Test
    @Tag("cgroup-v2")
    void who_reads_the_same_file_again_and_again_waits_for_memory_and_disk() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, LIMIT_MIB));
        told(Resource.MEMORY);
        told(Resource.DISK_READ);
        readMoreThanTheLimit();
        await(Resource.MEMORY, told -> told.pressureSome() > 0);
        await(Resource.DISK_READ, told -> told.pressureSome() > 0);
    }

    @Test
    void a_container_that_was_started_again_begins_anew() {
        driver.apply(container, LimitChange.to(Resource.CPU, 20));
        cgroups.burnCpu(container);
        told(Resource.CPU);
        cgroups.remove(container);
        cgroups.create(container);
        assertThat(told(Resource.CPU)).isEqualTo(Signals.NONE);
    }

    /** The pages of a file are charged to whoever touched them first, so it is written in there too. */
    private void readMoreThanTheLimit() {
        cgroups.run(
                container,
                "dd if=/dev/zero of=" + file + " bs=1M count=" + FILE_MIB + "; while :; do dd if=" + file
                        + " of=/dev/null bs=1M; done");
    }

    /** Asks until what was added since the call before is as expected. */
    private Signals await(Resource resource, Predicate<Signals> expected) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> told(resource), expected);
    }

    private Signals told(Resource resource) {
        return source.usage(new UsageQuery(
                        Structure.Subtype.CONTAINER,
                        List.of(container),
                        Set.of(resource),
                        Instant.EPOCH,
                        Instant.EPOCH.plusSeconds(1)))
                .signals(container, resource);
    }
}
