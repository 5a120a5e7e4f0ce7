package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PressureTest {
    private static final String PATH = "/sys/fs/cgroup/cont0/cpu.pressure";

    @Test
    void the_totals_are_read_line_by_line() {
        String text = """
                some avg10=6.88 avg60=7.42 avg300=4.75 total=8093276317
                full avg10=0.00 avg60=0.00 avg300=0.00 total=12
                """;
        assertThat(Pressure.some(bytes(text), PATH)).isEqualTo(8_093_276_317L);
        assertThat(Pressure.full(bytes(text), PATH)).isEqualTo(12);
    }

    @Test
    void a_kernel_that_does_not_tell_full_of_the_cpu_is_no_error() {
        assertThat(Pressure.full(bytes("some avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"), PATH))
                .isEqualTo(KernelText.ABSENT);
        assertThat(Pressure.some(bytes(""), PATH)).isEqualTo(KernelText.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "some avg10=0.00 total=",
                "some avg10=0.00 total=-1",
                "some avg10=0.00 total=1 more",
                "some avg10=0.00",
                "some avg10=0.00\nfull total=1",
                "some total"
            })
    void a_line_without_a_total_is_refused_with_path_and_text(String text) {
        assertThatThrownBy(() -> Pressure.some(bytes(text), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith(PATH + " holds 'some ");
    }

    @Property(tries = 10_000)
    void any_totals_that_the_kernel_writes_are_read_back(
            @ForAll @LongRange(min = 0) long some, @ForAll @LongRange(min = 0) long full) {
        ByteBuffer text = bytes("some avg10=1.00 avg60=0.10 avg300=0.01 total=" + some
                + "\r\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=" + full);
        assertThat(Pressure.some(text, PATH)).isEqualTo(some);
        assertThat(Pressure.full(text, PATH)).isEqualTo(full);
    }

    @Property(tries = 10_000)
    void whatever_a_file_holds_the_answer_is_a_value_or_one_exception(@ForAll("contents") byte[] content) {
        ByteBuffer text = ByteBuffer.wrap(content);
        try {
            assertThat(Pressure.some(text, PATH)).isGreaterThanOrEqualTo(KernelText.ABSENT);
            assertThat(Pressure.full(text, PATH)).isGreaterThanOrEqualTo(KernelText.ABSENT);
        } catch (CgroupException clear) {
            assertThat(clear.getMessage()).startsWith(PATH).hasSizeLessThan(300);
        }
        assertThat(text.position()).isZero();
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<byte[]> nearlyRight = Arbitraries.of(
                        "some ",
                        "full ",
                        "avg10=0.00",
                        " total=",
                        "total=",
                        "\n",
                        "\r\n",
                        "0",
                        "-1",
                        "max",
                        " ",
                        "\0",
                        "é",
                        "9".repeat(300))
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(noise, nearlyRight);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
