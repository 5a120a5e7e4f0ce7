package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.snapshot.Drift;
import io.serverlesscontainers.core.snapshot.StructureSnapshoter;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of this machine's cgroups, written by hand behind the state's back. */
class DriftRealTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private RealCgroups cgroups;
    private KernelCgroupDriver driver;
    private String container;

    @BeforeEach
    void limitACgroup() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
        container = cgroups.create();
        cgroups.setQuota(container, "50000");
        cgroups.setMemoryLimit(container, "" + (256L << 20));
        store.create(
                DocumentKind.STRUCTURES,
                Structure.of(container, Structure.Subtype.CONTAINER)
                        .withGuard(true)
                        .withResource(Resource.CPU, StructureResource.bounds(10, 200, true))
                        .withResource(Resource.MEMORY, StructureResource.bounds(64, 1024, true)));
    }

    @AfterEach
    void removeIt() {
        if (cgroups != null) {
            driver.close();
            cgroups.close();
        }
        store.close();
    }

    @Test
    void what_somebody_wrote_is_noticed_and_put_back() {
        var snapshoter = new StructureSnapshoter(store, driver, true);
        assertThat(snapshoter.runOnce().drifts()).isEmpty();
        cgroups.setQuota(container, "20000");
        liftMemoryLimit();

        assertThat(snapshoter.runOnce().drifts())
                .extracting(Drift::sentence)
                .containsExactlyInAnyOrder(
                        "container '" + container + "': cpu limit is 20 shares, the state says 50; it was restored",
                        "container '" + container + "': mem limit is lifted, the state says 256; it was restored");
        assertThat(cgroups.quota(container)).isEqualTo("50000");
        assertThat(cgroups.memoryLimit(container)).isEqualTo("" + (256L << 20));
        assertThat(snapshoter.runOnce().drifts()).isEmpty();
    }

    @Test
    void without_being_told_to_restore_nothing_is_written() {
        var snapshoter = new StructureSnapshoter(store, driver);
        snapshoter.runOnce();
        cgroups.setQuota(container, "20000");

        assertThat(snapshoter.runOnce().drifts())
                .extracting(Drift::sentence)
                .containsExactly("container '" + container + "': cpu limit is 20 shares, the state says 50");
        assertThat(cgroups.quota(container)).isEqualTo("20000");
    }

    private void liftMemoryLimit() {
        cgroups.setMemoryLimit(container, cgroups.version() == Version.V1 ? "-1" : "max");
    }
}
