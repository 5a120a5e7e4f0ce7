package io.serverlesscontainers.cgroups.internal.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MountInfoTest {

    @Test
    void version_1_controllers_are_found_one_by_one_or_together() {
        assertThat(MountInfo.cgroups("""
                        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
                        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
                        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
                        """))
                .containsExactly(
                        new Mount(Version.V1, "/", "/sys/fs/cgroup/cpu,cpuacct", Set.of("rw", "cpu", "cpuacct")),
                        new Mount(Version.V1, "/", "/sys/fs/cgroup/memory", Set.of("rw", "memory")));
    }

    @Test
    void version_2_is_found_wherever_it_is_mounted_and_whatever_options_come_before() {
        assertThat(MountInfo.cgroups("41 31 0:38 /a /mnt/x rw shared:1 master:2 unbindable - cgroup2 none rw\n"))
                .containsExactly(new Mount(Version.V2, "/a", "/mnt/x", Set.of()));
    }

    @Test
    void escaped_characters_are_read() {
        assertThat(MountInfo.unescape("/my\\040cgroups\\011and\\134so\\012on")).isEqualTo("/my cgroups\tand\\so\non");
        assertThat(MountInfo.unescape("/a\\04")).isEqualTo("/a\\04");
        assertThat(MountInfo.unescape("/a\\999\\")).isEqualTo("/a\\999\\");
        assertThat(MountInfo.cgroups("41 31 0:38 / /my\\040cgroups rw - cgroup2 none rw\r\n"))
                .containsExactly(new Mount(Version.V2, "/", "/my cgroups", Set.of()));
    }

    @Test
    void a_later_mount_hides_an_earlier_one_at_the_same_place() {
        String earlier = "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n";
        String later = "33 32 0:99 / /sys/fs/cgroup/cpu rw - tmpfs tmpfs rw\n";
        assertThat(MountInfo.cgroups(earlier + later)).isEmpty();
        assertThat(MountInfo.cgroups(later + earlier)).hasSize(1);
    }

    @Test
    void lines_that_are_cut_off_are_left_out() {
        String line = "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu";
        assertThat(MountInfo.cgroups(line)).hasSize(1);
        for (int length = 0; length < line.indexOf("rw,cpu"); length++) {
            assertThat(MountInfo.cgroups(line.substring(0, length))).isEmpty();
        }
    }

    @Property(tries = 10_000)
    void any_text_is_read_without_complaint(@ForAll("texts") String text) {
        assertThat(MountInfo.cgroups(text))
                .allSatisfy(mount -> assertThat(mount.mountPoint()).isNotNull());
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> fields = Arbitraries.of(List.of(
                "32", "/", "-", "cgroup", "cgroup2", "rw,cpu", "\n", "\\040", "\\77", "\\", "", " ", "é", "\0"));
        return fields.list().ofMaxSize(40).map(parts -> String.join(" ", parts));
    }
}
