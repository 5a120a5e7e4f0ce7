package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What counts as memory in use in the kernel: not the files that a process has merely read. */
class WorkingSetRealTest {
    private static final int FILE_MIB = 80;
    private static final long LITTLE_MIB = 20;

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private CgroupMetricSource source;
    private String container;
    private Path file;

    @BeforeEach
    void makeACgroup() throws IOException {
        cgroups = RealCgroups.require();
        // What is taken back is looked at here, not how long it takes, which may be long in a virtual machine.
        driver = Cgroups.builder().memoryPatience(Duration.ofSeconds(10)).build();
        source = new CgroupMetricSource(driver);
        container = cgroups.create();
        // A directory for temporary files may lie in memory, where pages of files are no cache.
        file = Files.createTempFile(Path.of("").toAbsolutePath(), "sc-test-", ".sparse");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((long) FILE_MIB << 20);
        }
    }

    @AfterEach
    void removeIt() throws IOException {
        if (cgroups != null) {
            source.close();
            driver.close();
            cgroups.close();
        }
        if (file != null) {
            Files.delete(file);
        }
    }

    @Test
    void files_that_were_read_hardly_count_and_anonymous_memory_does() {
        readFile();
        assertThat(chargedMiB()).isGreaterThanOrEqualTo(FILE_MIB);
        assertThat(usedMiB()).isBetween(0.0, (double) LITTLE_MIB);

        cgroups.holdMemory(container, 100);
        awaitUsed(100);
        assertThat(usedMiB()).isLessThan(100 + 2 * LITTLE_MIB);
    }

    @Test
    void a_container_that_reads_more_than_its_limit_does_not_look_full() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, 48));
        cgroups.run(container, "while :; do dd if=" + file + " of=/dev/null bs=1M; done");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> chargedMiB() > 40);
        assertThat(usedMiB()).isLessThan(LITTLE_MIB);
        assertNobodyWasKilled();
    }

    @Test
    void a_limit_between_what_is_used_and_what_is_charged_takes_the_cache_and_kills_nobody() {
        driver.apply(container, LimitChange.to(Resource.MEMORY, 400));
        readFile();
        cgroups.holdMemory(container, 60);
        awaitUsed(60);
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> chargedMiB() >= FILE_MIB + 60);

        // The usage, and as much again as the driver keeps free.
        long wanted = (long) Math.ceil(usedMiB()) + 16;
        assertThat(wanted).isLessThan(chargedMiB());
        assertThat(driver.apply(container, LimitChange.to(Resource.MEMORY, wanted)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(wanted)));
        assertThat(chargedMiB()).isLessThanOrEqualTo(wanted);
        assertThat(usedMiB()).isGreaterThanOrEqualTo(60);
        assertNobodyWasKilled();
    }

    /** Nobody has read it before, so its pages are charged to the container; nobody uses them again. */
    private void readFile() {
        cgroups.run(container, "dd if=" + file + " of=/dev/null bs=1M; exec sleep 1000");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> chargedMiB() >= FILE_MIB);
    }

    private void awaitUsed(long mib) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> usedMiB() >= mib);
    }

    private double usedMiB() {
        return source.usage(new UsageQuery(
                        Structure.Subtype.CONTAINER,
                        List.of(container),
                        Set.of(Resource.MEMORY),
                        Instant.EPOCH,
                        Instant.EPOCH))
                .of(container, Resource.MEMORY)
                .orElseThrow();
    }

    private long chargedMiB() {
        return cgroups.charged(container) >> 20;
    }

    private void assertNobodyWasKilled() {
        assertThat(cgroups.kills(container)).isZero();
    }
}
