package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.Throttling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTextTest {
    private static final String PATH = "/sys/fs/cgroup/cont0/file";
    private static final byte[] KEY = KernelText.key("nr_periods");

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "42, 42",
        "'42\n', 42",
        "'42\r\n', 42",
        "' 42\t', 42",
        "'42\n7\n', 42",
        "0042, 42",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, 9223372036854775807",
        "18446744073709551615, 9223372036854775807",
        "99999999999999999999999999999999999999999, 9223372036854775807"
    })
    void numbers_are_read(String text, long number) {
        assertThat(KernelText.number(bytes(text), PATH)).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " ", "-", "-1", "4 2", "1e3", "0x10", "max", "١", "42\0", "+1", "1,000", "１"})
    void what_is_no_number_is_refused_with_path_and_text(String text) {
        assertThatThrownBy(() -> KernelText.number(bytes(text), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith(PATH + " holds '")
                .hasMessageEndingWith("', a whole number from 0 on is needed");
    }

    @ParameterizedTest
    @CsvSource({
        "max, -1",
        "'max\n', -1",
        "'max\r\n', -1",
        "-1, -1",
        "9223372036854771712, -1",
        "4611686018427387904, -1",
        "4611686018427387903, 4611686018427387903",
        "0, 0",
        "1048576, 1048576"
    })
    void limits_are_read_in_the_notations_of_both_versions(String text, long limit) {
        assertThat(KernelText.limit(bytes(text), PATH)).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-2", "maximum", "ma", "MAX", "--1", "-1 5"})
    void what_is_no_limit_is_refused(String text) {
        assertThatThrownBy(() -> KernelText.limit(bytes(text), PATH)).isInstanceOf(CgroupException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'max 100000\n', -1, 100000",
        "'50000 100000\n', 50000, 100000",
        "'50000 100000\r\n', 50000, 100000",
        "'  50000   2000 ', 50000, 2000"
    })
    void quota_and_period_are_read(String text, long quota, long period) {
        assertThat(KernelText.bandwidth(bytes(text), PATH)).isEqualTo(new CpuBandwidth(quota, period, PATH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "max", "100000", "max max", "100000 0", "1 2 3", "-5 100000", "100000 -1"})
    void what_is_no_quota_and_period_is_refused(String text) {
        assertThatThrownBy(() -> KernelText.bandwidth(bytes(text), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining(PATH);
    }

    @Test
    void fields_are_found_on_any_line_and_only_as_a_whole_word() {
        String text = "nr_periods_x 1\nnr_period 2\nxnr_periods 3\nnr_periods 4\r\nnr_periods 5";
        assertThat(KernelText.field(bytes(text), KEY, PATH)).isEqualTo(4);
        assertThat(KernelText.field(bytes("nr_periods 7"), KEY, PATH)).isEqualTo(7);
        assertThat(KernelText.field(bytes("nr_periods"), KEY, PATH)).isEqualTo(KernelText.ABSENT);
        assertThat(KernelText.field(bytes(""), KEY, PATH)).isEqualTo(KernelText.ABSENT);
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "'Total 5\n', 0", "'Total 5\nnr_periods 7\n', 7", "'nr_periods 7', 7"})
    void what_is_not_counted_yet_is_0(String text, long count) {
        ByteBuffer bytes = bytes(text);
        assertThat(KernelText.countOrZero(KernelText.field(bytes, KEY, PATH), bytes, PATH))
                .isEqualTo(count);
    }

    @Test
    void what_may_be_counted_beyond_the_end_of_a_text_is_not_0() {
        ByteBuffer bytes = bytes("Total 5\nnr_per");
        long field = KernelText.field(bytes, KEY, PATH);
        assertThatThrownBy(() -> KernelText.countOrZero(field, bytes, PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessage(PATH + " is cut off after 14 bytes: the count is not known");
    }

    @Test
    void the_machines_memory_is_read_without_its_unit() {
        byte[] total = KernelText.key("MemTotal:");
        assertThat(KernelText.fieldInKiB(bytes("MemTotal:       24684092 kB\nMemFree: 1 kB\n"), total, PATH))
                .isEqualTo(24_684_092);
        assertThat(KernelText.fieldInKiB(bytes("MemFree: 1 kB\n"), total, PATH)).isEqualTo(KernelText.ABSENT);
    }

    @Test
    void throttling_is_known_only_if_both_counters_are() {
        assertThat(CpuStat.throttling(bytes("nr_periods 10\nnr_throttled 3\n"), PATH))
                .contains(new Throttling(10, 3));
        assertThat(CpuStat.throttling(bytes("nr_periods 10\n"), PATH)).isEmpty();
        assertThatThrownBy(() -> CpuStat.usedMicroseconds(bytes("nr_periods 10\n"), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("no usage_usec");
    }

    @ParameterizedTest
    @CsvSource({"'0-1,4\n', '0-1,4'", "'\n', ''", "3, 3"})
    void lists_of_cpus_are_read(String text, String list) {
        assertThat(KernelText.cpus(bytes(text), PATH)).isEqualTo(CpuSet.parse(list));
    }

    @Test
    void a_list_of_cpus_that_is_none_is_refused_with_path_and_text() {
        assertThatThrownBy(() -> KernelText.cpus(bytes("0-\u0007"), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessage(PATH + " holds '0-?', a list of CPUs such as 0-1,4 is needed");
    }

    @Property(tries = 10_000)
    void whatever_a_file_holds_the_answer_is_a_value_or_one_exception(@ForAll("contents") byte[] content) {
        List<Function<ByteBuffer, Object>> readers = List.of(
                text -> KernelText.number(text, PATH),
                text -> KernelText.limit(text, PATH),
                text -> KernelText.quota(text, PATH),
                text -> KernelText.bandwidth(text, PATH).shares(),
                text -> KernelText.field(text, KEY, PATH),
                text -> KernelText.fieldInKiB(text, KEY, PATH),
                text -> KernelText.cpus(text, PATH),
                text -> CpuStat.throttling(text, PATH),
                text -> CpuStat.usedMicroseconds(text, PATH),
                text -> WorkingSet.of(Long.MAX_VALUE, WorkingSet.inactiveFile(text, KEY, PATH)),
                text -> KernelText.countOrZero(KernelText.field(text, KEY, PATH), text, PATH));
        for (Function<ByteBuffer, Object> reader : readers) {
            ByteBuffer text = ByteBuffer.wrap(content);
            try {
                Object value = reader.apply(text);
                assertThat(value).isNotNull();
                if (value instanceof Long number) {
                    assertThat(number).isGreaterThanOrEqualTo(-1);
                }
            } catch (CgroupException clear) {
                assertThat(clear.getMessage()).startsWith(PATH).hasSizeLessThan(300);
                assertThat(clear.getMessage().chars().noneMatch(Character::isISOControl))
                        .isTrue();
            }
            assertThat(text.position()).isZero();
        }
    }

    @Property(tries = 10_000)
    void any_number_that_the_kernel_writes_is_read_back(
            @ForAll @LongRange(min = 0) long number, @ForAll("lineEnds") String lineEnd) {
        assertThat(KernelText.number(bytes(number + lineEnd), PATH)).isEqualTo(number);
        assertThat(KernelText.field(bytes("a 1\nnr_periods " + number + lineEnd), KEY, PATH))
                .isEqualTo(number);
    }

    @Property(tries = 10_000)
    void shares_come_back_from_the_quota_in_any_period(
            @ForAll @LongRange(min = 1, max = 6_553_600) long shares,
            @ForAll @LongRange(min = 1000, max = 1_000_000) long period) {
        var without = new CpuBandwidth(KernelText.NO_LIMIT, period, PATH);
        OptionalLong wanted = OptionalLong.of(shares);
        if (shares * period < 99_901) {
            assertThatThrownBy(() -> without.withShares(wanted)).hasMessageContaining("at least 1000 µs");
        } else {
            var limited = without.withShares(wanted);
            assertThat(limited.shares()).isEqualTo(wanted);
            assertThat(limited.period()).isEqualTo(period);
            assertThat(limited.quota() - shares * (double) period / 100).isBetween(0.0, 1.0);
        }
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<byte[]> nearlyRight = Arbitraries.of(
                        "max",
                        "100000",
                        "-1",
                        "0",
                        " ",
                        "\n",
                        "\r\n",
                        "\0",
                        "nr_periods",
                        "nr_throttled",
                        "usage_usec",
                        "18446744073709551616",
                        "-",
                        "0-1",
                        ",",
                        "4",
                        "kB",
                        "\t",
                        "é",
                        "9".repeat(300))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(noise, nearlyRight);
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("", "\n", "\r\n", " \n", "\nnext 3\n");
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
