package io.serverlesscontainers.examples.quickstart.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.tck.RealThings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainCgroupContainersTest extends DemoContainersContract {
    @Override
    void requireWhatItNeeds() {
        RealThings.require(
                CgroupMounts.read(CgroupMounts.MOUNT_INFO).versionOne().containsKey("memory")
                        && PlainCgroupContainers.obstacle().isEmpty(),
                "cgroup v1 hierarchies are not writable here");
    }

    @Override
    DemoContainers make() {
        return new PlainCgroupContainers();
    }

    @Override
    String cgroup(String container) {
        return container;
    }

    @Test
    void onVersionTwoControllersAreEnabledAndTakenBack(@TempDir Path root) throws Exception {
        Files.writeString(root.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        Files.writeString(root.resolve("cgroup.subtree_control"), "cpu memory\n");
        var mounts = new CgroupMounts(Map.of(), Optional.of(root), Set.of(root));

        var containers = new PlainCgroupContainers(mounts);
        containers.create("cont0");

        assertThat(root.resolve("cont0")).isDirectory();
        assertThat(Files.readString(root.resolve("cgroup.subtree_control"))).isEqualTo("+cpuset");
        // A directory of the test is no cgroup: what the kernel would list is put there by hand.
        Files.writeString(root.resolve("cont0/cgroup.procs"), "");
        Process inside = containers.run("cont0", List.of("/bin/true"));
        assertThat(inside.waitFor()).isZero();
        assertThat(Files.readString(root.resolve("cont0/cgroup.procs")).strip()).isEqualTo(Long.toString(inside.pid()));
    }

    @Test
    void whereAControllerIsMissingTheObstacleSaysSo(@TempDir Path root) throws Exception {
        Files.writeString(root.resolve("cgroup.controllers"), "pids\n");
        var mounts = new CgroupMounts(Map.of(), Optional.of(root), Set.of(root));

        assertThat(PlainCgroupContainers.obstacle(mounts))
                .contains("no cgroup hierarchy with the controllers cpu, cpuset, memory is mounted here");
    }
}
