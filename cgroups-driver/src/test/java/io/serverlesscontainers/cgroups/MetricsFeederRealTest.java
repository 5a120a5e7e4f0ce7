package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.tck.RecordingWriter;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What processes in real cgroups use, as series. */
class MetricsFeederRealTest {
    private static final long QUOTA = 50;
    private static final Duration WINDOW = Duration.ofMillis(500);
    private static final int ATTEMPTS = 5;

    private final RecordingWriter writer = new RecordingWriter();
    private RealCgroups cgroups;
    private Path directory;
    private KernelCgroupDriver driver;
    private String container;

    @BeforeEach
    void makeACgroup() throws IOException {
        cgroups = RealCgroups.require();
        directory = Files.createTempDirectory(RealCgroups.requireDisk(), "sc-test-feed-");
        container = cgroups.create();
        driver = Cgroups.builder().disk(directory).build();
    }

    @AfterEach
    void removeIt() throws IOException {
        if (driver != null) {
            driver.close();
        }
        if (directory != null) {
            // First those who write there.
            cgroups.close();
            Files.deleteIfExists(directory.resolve("file"));
            Files.delete(directory);
        }
    }

    @Test
    void who_calculates_is_in_user_mode_and_who_lets_the_kernel_work_is_not() {
        String calculating = container;
        String reading = cgroups.create();
        for (String each : List.of(calculating, reading)) {
            driver.apply(each, LimitChange.to(Resource.CPU, QUOTA));
        }
        cgroups.run(calculating, "while :; do :; done");
        cgroups.run(reading, "exec dd if=/dev/zero of=/dev/null bs=1M");
        try (var feeder = new MetricsFeeder(driver, writer, () -> List.of(calculating, reading))) {
            feeder.runOnce();
            for (int attempt = 1; ; attempt++) {
                letTimePass();
                feeder.runOnce();
                double user = told("proc.cpu.user", calculating);
                double kernel = told("proc.cpu.kernel", reading);
                // A busy machine may give them less than the quota in one window or another.
                if (attempt == ATTEMPTS || user > 0.7 * QUOTA && kernel > 0.7 * QUOTA) {
                    assertThat(user).isBetween(0.5 * QUOTA, 1.4 * QUOTA);
                    assertThat(kernel).isBetween(0.5 * QUOTA, 1.4 * QUOTA);
                    assertThat(told("proc.cpu.kernel", calculating)).isLessThan(user / 2);
                    assertThat(told("proc.cpu.user", reading)).isLessThan(kernel / 2);
                    return;
                }
            }
        }
    }

    @Test
    void memory_in_use_is_what_the_source_tells_and_virtual_memory_is_no_less() {
        cgroups.holdMemory(container, 48);
        try (var feeder = new MetricsFeeder(driver, writer, () -> List.of(container));
                var source = new CgroupMetricSource(driver)) {
            feeder.runOnce();
            double resident = told("proc.mem.resident", container);
            double usage = source.usage(new UsageQuery(
                            Structure.Subtype.CONTAINER,
                            List.of(container),
                            Set.of(Resource.MEMORY),
                            Instant.EPOCH,
                            Instant.EPOCH))
                    .orNaN(container, Resource.MEMORY);
            assertThat(resident).isBetween(48.0, 80.0).isCloseTo(usage, within(1.0));
            assertThat(told("proc.mem.virtual", container)).isBetween(48.0, 1_000.0);
        }
    }

    @Test
    void what_is_written_to_the_disk_is_told_and_what_is_not_there_any_more_is_not() {
        driver.apply(container, LimitChange.to(Resource.DISK_WRITE, 5));
        cgroups.run(
                container, "exec dd if=/dev/zero of=" + directory.resolve("file") + " bs=128k count=2000 oflag=direct");
        try (var feeder = new MetricsFeeder(driver, writer, () -> List.of(container))) {
            feeder.runOnce();
            for (int attempt = 1; ; attempt++) {
                letTimePass();
                feeder.runOnce();
                double written = told("proc.disk.writes.mb", container);
                if (attempt == ATTEMPTS || written > 2.5) {
                    assertThat(written).isBetween(0.5, 7.5);
                    assertThat(told("proc.disk.reads.mb", container)).isZero();
                    break;
                }
            }
            cgroups.remove(container);
            assertThat(feeder.runOnce().problems()).hasSize(1);
            assertThat(writer.last()).isEmpty();
        }
    }

    private double told(String metric, String name) {
        return writer.last(metric, "host", name)
                .orElseThrow(() -> new AssertionError(metric + " of " + name + " is not among " + writer.last()));
    }

    private static void letTimePass() {
        long end = System.nanoTime() + WINDOW.toNanos();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() >= end);
    }
}
