package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lookups that go through this machine's cgroups, and through what runc really writes down. */
class EnginesRealTest {
    private final String name = "sc-test-" + ProcessHandle.current().pid() + "-engine";

    private RealCgroups cgroups;
    private KernelCgroupDriver driver;

    @BeforeEach
    void begin() {
        cgroups = RealCgroups.require();
        driver = Cgroups.detect();
    }

    @AfterEach
    void end() {
        if (driver != null) {
            driver.close();
            cgroups.close();
        }
    }

    @Test
    void a_container_of_runc_is_found_where_its_bundle_put_it() {
        String elsewhere = name + "-elsewhere";
        try (RealRunc runc = RealRunc.require()) {
            runc.start(name, elsewhere);
            driver.apply(name, LimitChange.to(Resource.MEMORY, 77));
            driver.apply(name, LimitChange.to(Resource.CPU, 50));
            assertThat(cgroups.read("memory", elsewhere, "memory.limit_in_bytes"))
                    .isEqualTo("" + (77L << 20));
            assertThat(cgroups.read("cpu", elsewhere, "cpu.cfs_quota_us")).isEqualTo("50000");
            assertThat(driver.containers())
                    .filteredOn(found -> found.id().equals(name))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.engine()).isEqualTo(Engine.RUNC);
                        assertThat(found.cgroups()).containsEntry("memory", "/sys/fs/cgroup/memory/" + elsewhere);
                    });

            runc.stop(name);
            assertThatThrownBy(() -> driver.limits(name)).isInstanceOf(MissingContainerException.class);
            runc.start(name, name + "-again");
            assertThat(driver.limits(name).limit(Resource.MEMORY)).isEmpty();
        }
    }

    @Test
    void a_container_of_lxc_is_listed_and_what_runs_inside_is_not() {
        try (RealLxc lxc = RealLxc.require()) {
            lxc.start(name);
            assertThat(driver.containers())
                    .filteredOn(found -> found.cgroups().values().stream().anyMatch(path -> path.contains(name)))
                    .singleElement()
                    .satisfies(found -> {
                        assertThat(found.engine()).isEqualTo(Engine.LXC);
                        assertThat(found.id()).isEqualTo(name);
                        assertThat(found.cgroups()).containsEntry("cpu", "/sys/fs/cgroup/cpu/lxc.payload." + name);
                    });
        }
    }

    @Test
    void an_id_that_is_cut_short_is_searched_for_in_the_kernels_own_tree() {
        String id = "%064x".formatted(ProcessHandle.current().pid());
        String same = id.substring(0, 63);
        cgroups.create(name);
        cgroups.create(name + "/" + same + "e");
        driver.apply(same, LimitChange.to(Resource.MEMORY, 77));
        assertThat(cgroups.read("memory", name + "/" + same + "e", "memory.limit_in_bytes"))
                .isEqualTo("" + (77L << 20));
        cgroups.create(name + "/" + same + "f");
        try (var other = Cgroups.detect()) {
            assertThatThrownBy(() -> other.limits(same))
                    .isExactlyInstanceOf(CgroupException.class)
                    .hasMessageContaining("2 containers");
        }
    }
}
