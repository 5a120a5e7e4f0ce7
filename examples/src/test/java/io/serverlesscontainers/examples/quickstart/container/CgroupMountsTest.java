package io.serverlesscontainers.examples.quickstart.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupMountsTest {
    @Test
    void findsControllersThatShareAMount() {
        CgroupMounts mounts = CgroupMounts.parse(List.of(
                "22 1 0:20 / /proc rw,relatime - proc proc rw",
                "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct",
                "35 31 0:32 / /sys/fs/cgroup/my\\040memory rw,relatime - cgroup cgroup rw,memory",
                "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw"));

        assertThat(mounts.versionOne().get("cpu")).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(mounts.versionOne().get("cpuacct")).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(mounts.versionOne().get("memory")).isEqualTo(Path.of("/sys/fs/cgroup/my memory"));
        assertThat(mounts.versionTwo()).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(mounts.all()).hasSize(3);
    }

    @Test
    void aLineThatIsNoMountIsPassedOver() {
        CgroupMounts mounts = CgroupMounts.parse(List.of("", "nonsense", "1 2 3 - cgroup"));

        assertThat(mounts.all()).isEmpty();
        assertThat(PlainCgroupContainers.obstacle(mounts).orElseThrow()).contains("no cgroup hierarchy");
    }

    @Test
    void aMountTableThatCannotBeReadHasNoCgroups() {
        assertThat(CgroupMounts.read(Path.of("/nowhere/mountinfo")).all()).isEmpty();
    }
}
