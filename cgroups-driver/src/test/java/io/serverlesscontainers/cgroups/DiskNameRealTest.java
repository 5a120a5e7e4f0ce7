package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Disks that are told by their device files, with a real one; the virtual machine's kernel has no loop devices. */
@Tag("cgroup-v1")
class DiskNameRealTest {
    private RealCgroups cgroups;
    private RealLoopDevice disk;
    private String container;

    @BeforeEach
    void makeADisk() throws IOException {
        cgroups = RealCgroups.requireV1();
        disk = RealLoopDevice.require();
        container = cgroups.create();
    }

    @AfterEach
    void removeIt() throws IOException {
        if (disk != null) {
            cgroups.close();
            disk.close();
        }
    }

    @Test
    void a_loop_device_stands_for_itself() throws IOException {
        try (var driver = Cgroups.builder().disk(disk.device()).build()) {
            driver.apply(container, LimitChange.to(Resource.DISK_READ, 10));
            assertThat(rule()).isEqualTo(disk.numbers() + " 10485760");
            driver.apply(container, LimitChange.lift(Resource.DISK_READ));
            assertThat(rule()).isEmpty();
        }
    }

    @Test
    void a_partition_stands_for_its_disk_as_the_kernel_has_no_rules_for_partitions() throws IOException {
        try (var driver = Cgroups.builder().disk(disk.partition()).build()) {
            driver.apply(container, LimitChange.to(Resource.DISK_READ, 10));
            assertThat(rule()).isEqualTo(disk.numbers() + " 10485760");
        }
    }

    @Test
    void a_device_file_that_is_no_disks_is_a_path_like_any_other() {
        assertThatThrownBy(() -> Cgroups.builder().disk(Path.of("/dev/null")).build())
                .isInstanceOf(CgroupException.class)
                .hasMessageMatching("the disk of /dev/null cannot be told: it is on a file system of type \\w+ .*");
    }

    @Test
    void reads_are_counted_though_the_disk_never_had_a_rule() throws IOException {
        try (var driver = Cgroups.builder().disk(disk.device()).build();
                var source = new CgroupMetricSource(driver)) {
            var query = new UsageQuery(
                    Structure.Subtype.CONTAINER,
                    List.of(container),
                    Set.of(Resource.DISK_READ),
                    Instant.EPOCH,
                    Instant.EPOCH);
            source.usage(query);
            cgroups.run(container, "while :; do dd if=" + disk.device() + " of=/dev/null bs=1M iflag=direct; done");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> source.usage(query).orNaN(container, Resource.DISK_READ) > 1);
            assertThat(rule()).isEmpty();
        }
    }

    private String rule() {
        return cgroups.read("blkio", container, "blkio.throttle.read_bps_device");
    }
}
