package io.serverlesscontainers.cgroups.internal.device;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockDeviceTest {

    /** As stat(2) tells of files that mknod(1) made. */
    @ParameterizedTest
    @CsvSource({"0xfe00, 254:0", "0x701, 7:1", "0x124ff045, 4080:74821", "0x10300, 259:0"})
    void the_numbers_of_a_device_file_are_taken_apart(String number, String device) {
        assertThat(BlockDevice.ofNumber(Long.decode(number))).hasToString(device);
    }

    @Property
    void numbers_are_read_as_they_are_written(
            @ForAll @IntRange(max = 4095) int major, @ForAll @IntRange(max = 1_048_575) int minor) {
        var device = new BlockDevice(major, minor);
        assertThat(BlockDevice.parse(device.toString())).contains(device);
        // As gnu_dev_makedev puts them together.
        long number = minor & 0xffL | (major & 0xfffL) << 8 | (minor & 0xfff00L) << 12;
        assertThat(BlockDevice.ofNumber(number)).isEqualTo(device);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":", "8", "8:", ":0", "8:0 ", "-8:0", "8:0:0", "a:b", "9999999999:0"})
    void what_is_no_device_is_none(String text) {
        assertThat(BlockDevice.parse(text)).isEmpty();
    }
}
