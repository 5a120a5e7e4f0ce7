package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.cgroups.internal.mount.Version;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real LXC containers. */
class LxcRealTest {
    private final String name = "sc-test-" + ProcessHandle.current().pid() + "-lxc";

    private RealCgroups cgroups;
    private RealLxc lxc;
    private KernelCgroupDriver driver;

    @BeforeEach
    void begin() {
        cgroups = RealCgroups.require();
        lxc = RealLxc.require();
        driver = Cgroups.builder().disk(RealCgroups.requireDisk()).build();
    }

    @AfterEach
    void end() {
        if (driver != null) {
            driver.close();
            lxc.close();
            cgroups.close();
        }
    }

    @Test
    void a_container_is_found_by_its_name_and_limited() throws Exception {
        lxc.start(name);
        driver.apply(name, LimitChange.cpu(50, CpuSet.of(0)));
        driver.apply(name, LimitChange.to(Resource.MEMORY, 128));
        driver.apply(name, LimitChange.to(Resource.DISK_WRITE, 30));
        assertThat(cgroups.diskWriteLimit(cgroup())).contains("" + (30L << 20));
        assertThat(cgroups.quota(cgroup())).isEqualTo("50000");
        assertThat(cgroups.read("cpuset", cgroup(), "cpuset.cpus")).isEqualTo("0");
        assertThat(cgroups.memoryLimit(cgroup())).isEqualTo("" + (128L << 20));
        assertThat(driver.limits(name).limit(Resource.CPU)).hasValue(50);
    }

    @Test
    void a_container_that_was_stopped_is_missing_and_found_again_after_a_start() {
        lxc.start(name);
        driver.apply(name, LimitChange.to(Resource.MEMORY, 128));
        lxc.stop(name);
        assertThatThrownBy(() -> driver.limits(name))
                .isInstanceOf(MissingContainerException.class)
                .hasMessageContaining("no cgroup lxc.payload." + name);
        lxc.start(name);
        assertThat(driver.limits(name).limit(Resource.MEMORY)).isEmpty();
    }

    @Test
    void a_container_beside_the_leftovers_of_an_earlier_run_is_found() throws Exception {
        cgroups.create("lxc.payload." + name);
        lxc.start(name);
        driver.apply(name, LimitChange.to(Resource.MEMORY, 77));
        assertThat(cgroups.memoryLimit(cgroup())).isEqualTo("" + (77L << 20));
        assertThat(cgroups.memoryLimit("lxc.payload." + name)).isNotEqualTo("" + (77L << 20));
    }

    @Test
    void a_container_with_a_similar_name_is_not_taken_for_it() {
        lxc.start(name + "-1");
        assertThatThrownBy(() -> driver.limits(name)).isInstanceOf(MissingContainerException.class);
        driver.apply(name + "-1", LimitChange.to(Resource.MEMORY, 77));
        assertThat(driver.limits(name + "-1").limit(Resource.MEMORY)).hasValue(77);
    }

    /** The cgroup that the container's first process says it is in; LXC calls it the same in every hierarchy. */
    private String cgroup() throws Exception {
        String hierarchy = cgroups.version() == Version.V1 ? ":memory:/" : "0::/";
        List<String> lines = Files.readAllLines(Path.of("/proc/" + lxc.init(name) + "/cgroup"));
        String line = lines.stream()
                .filter(each -> each.contains(hierarchy))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf(hierarchy) + hierarchy.length());
    }
}
