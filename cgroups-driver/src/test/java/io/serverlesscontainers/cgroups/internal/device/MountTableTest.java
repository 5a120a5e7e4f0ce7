package io.serverlesscontainers.cgroups.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.device.MountTable.MountedDevice;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountTableTest {
    // As on real machines, what was mounted before the root was moved into its place comes first.
    private static final String MACHINE = """
            22 27 0:21 / /proc rw,relatime - proc proc rw
            24 27 0:6 / /dev rw,relatime - devtmpfs devtmpfs rw
            27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
            31 27 254:17 / /var/lib/my\\040containers rw - ext4 /dev/vdb1 rw
            32 31 253:4 / /var/lib/my\\040containers/one rw master:5 propagate_from:2 - xfs /dev/mapper/one rw
            33 27 254:17 /part /srv/bound rw - ext4 /dev/vdb1 rw
            34 27 0:45 / /btrfs rw - btrfs /dev/vdc rw,subvol=/
            """;

    @ParameterizedTest
    @CsvSource({
        "/, 254:0",
        "/var/lib, 254:0",
        "/var/lib/my, 254:0",
        "/var/lib/my containers2, 254:0",
        "/var/lib/my containers, 254:17",
        "/var/lib/my containers/two, 254:17",
        "/var/lib/my containers/one/rootfs/etc, 253:4",
        "/srv/bound/x, 254:17",
        "/proc/self, 0:21",
        "/btrfs/x, 0:45"
    })
    void a_path_is_on_the_mount_that_it_comes_upon_last(String path, String device) {
        assertThat(MountTable.parse(MACHINE).holding(path))
                .map(MountedDevice::device)
                .map(BlockDevice::toString)
                .contains(device);
    }

    @Test
    void type_and_source_are_told() {
        assertThat(MountTable.parse(MACHINE).holding("/btrfs"))
                .contains(new MountedDevice(34, 27, new BlockDevice(0, 45), "/btrfs", "btrfs", "/dev/vdc"));
    }

    @Test
    void a_file_system_mounted_above_later_hides_what_was_mounted_below() {
        String hidden = """
                1 0 254:0 / / rw - ext4 /dev/vda rw
                2 1 8:1 / /a/b rw - ext4 /dev/sda1 rw
                3 1 8:17 / /a rw - ext4 /dev/sdb1 rw
                4 3 8:33 / /a rw - ext4 /dev/sdc1 rw
                """;
        assertThat(MountTable.parse(hidden).holding("/a/b/c"))
                .map(MountedDevice::source)
                .contains("/dev/sdc1");
    }

    @Test
    void a_root_mounted_over_a_root_hides_it() {
        String twice = "1 1 0:2 / / rw - rootfs rootfs rw\r\n2 1 254:0 / / rw - ext4 /dev/vda rw\r\n";
        assertThat(MountTable.parse(twice).holding("/a"))
                .map(MountedDevice::source)
                .contains("/dev/vda");
    }

    @Test
    void a_list_without_a_root_tells_nothing() {
        assertThat(MountTable.parse("").holding("/")).isEmpty();
        assertThat(MountTable.parse("2 1 8:1 / /a rw - ext4 /dev/sda1 rw\n").holding("/a"))
                .isEmpty();
    }

    @Property(tries = 10_000)
    void any_text_is_read_without_complaint_and_without_end(@ForAll("lists") String text) {
        assertThat(MountTable.parse(text).holding("/a/b")).isNotNull();
    }

    @Property(tries = 10_000)
    void cut_off_anywhere_a_list_still_ends(@ForAll("cuts") int length) {
        assertThat(MountTable.parse(MACHINE.substring(0, length)).holding("/srv/bound/x"))
                .isNotNull();
    }

    @Provide
    Arbitrary<Integer> cuts() {
        return Arbitraries.integers().between(0, MACHINE.length());
    }

    @Provide
    Arbitrary<String> lists() {
        Arbitrary<String> ids = Arbitraries.of("1", "2", "3", "x", "", "99999999999");
        Arbitrary<String> devices = Arbitraries.of("0:5", "8:1", "8", ":", "9999999999:1", "-1:2");
        Arbitrary<String> places = Arbitraries.of("/", "/a", "/a/b", "/a/b/c", "", "\\057", "a");
        Arbitrary<String> options = Arbitraries.of("", "-", "- ext4", "- ext4 x rw", "shared:1 - ext4 x", "\0");
        return Combinators.combine(ids, ids, devices, places, options)
                .as((id, parent, device, place, rest) ->
                        String.join(" ", id, parent, device, "/", place, "rw", rest) + "\n")
                .list()
                .ofMaxSize(12)
                .map(lines -> String.join("", lines));
    }
}
