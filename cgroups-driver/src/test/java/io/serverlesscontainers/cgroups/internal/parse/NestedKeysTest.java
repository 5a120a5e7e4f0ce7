package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NestedKeysTest {
    private static final String PATH = "/sys/fs/cgroup/cont0/io.max";
    private static final byte[] DISK = NestedKeys.key("254:0");
    private static final byte[] READS = NestedKeys.name("rbps");

    @ParameterizedTest
    @CsvSource({
        "'', -1",
        "'254:0 rbps=1048576 wbps=max riops=max wiops=max\n', 1048576",
        "'254:0 rbps=max wbps=5 riops=max wiops=max\n', -1",
        "'254:0 wbps=5 rbps=7', 7",
        "'254:0 wbps=5\n', -1",
        "'254:0\n254:1 rbps=8\n', -1",
        "'8:0 rbps=1\n254:0 rbps=2\n', 2",
        "'54:0 rbps=1\n254:01 rbps=2\n1254:0 rbps=3\n254:0 xrbps=4 rbps=5\n', 5",
        "'rbps=9\n254:0 rbps=2\n', 2",
        "'  254:0 \t rbps=2\r\n', 2",
        // Kernels that begin a line with devices that have not been used.
        "'7:1 7:0 254:0 rbps=2 wbps=3\n', 2",
        "'254:0 7:0 rbps=2 wbps=3\n', -1",
        "'254:0 rbps=18446744073709551615\n', 9223372036854775807"
    })
    void the_value_of_a_name_of_a_key_is_found(String text, long limit) {
        assertThat(NestedKeys.limit(bytes(text), DISK, READS, PATH)).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"254:0 rbps=", "254:0 rbps=\n", "254:0 rbps=1k", "254:0 rbps=-5 wbps=1", "254:0 rbps==1"})
    void what_is_no_number_is_refused_with_path_and_text(String text) {
        assertThatThrownBy(() -> NestedKeys.number(bytes(text), DISK, READS, PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessage(PATH + " holds '" + text.strip() + "', a whole number from 0 on is needed");
    }

    @Test
    void a_count_is_no_limit() {
        assertThat(NestedKeys.number(bytes("254:0 rbps=0\n"), DISK, READS, PATH))
                .isZero();
        assertThat(NestedKeys.number(bytes("254:0 wbps=0\n"), DISK, READS, PATH))
                .isEqualTo(KernelText.ABSENT);
        assertThatThrownBy(() -> NestedKeys.number(bytes("254:0 rbps=max\n"), DISK, READS, PATH))
                .isInstanceOf(CgroupException.class);
    }

    @Property(tries = 10_000)
    void whatever_a_file_holds_the_answer_is_a_value_or_one_exception(@ForAll("contents") byte[] content) {
        ByteBuffer text = ByteBuffer.wrap(content);
        for (boolean limit : new boolean[] {true, false}) {
            try {
                long value =
                        limit ? NestedKeys.limit(text, DISK, READS, PATH) : NestedKeys.number(text, DISK, READS, PATH);
                assertThat(value).isGreaterThanOrEqualTo(-1);
            } catch (CgroupException clear) {
                assertThat(clear.getMessage()).startsWith(PATH).hasSizeLessThan(300);
                assertThat(clear.getMessage().chars().noneMatch(Character::isISOControl))
                        .isTrue();
            }
            assertThat(text.position()).isZero();
        }
    }

    @Property(tries = 10_000)
    void each_device_has_its_own_value(
            @ForAll List<@IntRange(max = 300) Integer> minors, @ForAll @LongRange(min = 0) long value) {
        String others = minors.stream()
                .distinct()
                .filter(minor -> minor != 0)
                .map(minor -> "254:" + minor + " rbps=" + minor + " wbps=max riops=max wiops=max\n")
                .collect(Collectors.joining());
        String ours = "254:0 rbps=" + value + " wbps=max riops=max wiops=max\n";
        assertThat(NestedKeys.number(bytes(others + ours), DISK, READS, PATH)).isEqualTo(value);
        assertThat(NestedKeys.number(bytes(ours + others), DISK, READS, PATH)).isEqualTo(value);
        assertThat(NestedKeys.number(bytes(others), DISK, READS, PATH)).isEqualTo(KernelText.ABSENT);
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<byte[]> nearlyRight = Arbitraries.of(
                        "254:0",
                        "254:",
                        "254:0 ",
                        "7:0",
                        "rbps=",
                        "rbps",
                        "=",
                        "wbps=max",
                        "max",
                        "1048576",
                        "-1",
                        " ",
                        "\n",
                        "\r\n",
                        "\0",
                        "\t",
                        "é",
                        "18446744073709551616",
                        "9".repeat(300))
                .list()
                .ofMaxSize(16)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(noise, nearlyRight);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
