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

class NetDevTest {
    private static final String PATH = "/proc/42/net/dev";
    private static final String HEADINGS = """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            """;
    private static final String LOOPBACK =
            "    lo:    7777      10    0    0    0     0          0         0     7777      10    0    0    0     0       0          0\n";

    @Test
    void bytes_of_both_directions_are_added_up_over_all_interfaces_but_the_loopback() {
        String text = HEADINGS
                + LOOPBACK
                + "  eth0:  1000       1    0    0    0     0          0         0       90       1    0    0    0     0       0          0\n"
                + "lo2:5 1 0 0 0 0 0 0 4 1 0 0 0 0 0 0\n";
        assertThat(NetDev.bytes(bytes(text), PATH)).isEqualTo(1099);
        assertThat(NetDev.received(bytes(text), PATH)).isEqualTo(1005);
        assertThat(NetDev.bytes(bytes(HEADINGS + LOOPBACK), PATH)).isZero();
        assertThat(NetDev.bytes(bytes(""), PATH)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0:", "eth0: 1 2 3", "eth0: x 0 0 0 0 0 0 0 9", "eth0: -1 0 0 0 0 0 0 0 9", ":"})
    void a_line_without_its_counters_is_refused_with_path_and_text(String line) {
        assertThatThrownBy(() -> NetDev.bytes(bytes(line + "\n"), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith(PATH + " holds '");
    }

    @Property(tries = 10_000)
    void whatever_the_kernel_counted_is_added_up(
            @ForAll @LongRange(min = 0, max = 1L << 60) long received,
            @ForAll @LongRange(min = 0, max = 1L << 60) long sent) {
        String line = "  veth0: " + received + " 1 2 3 4 5 6 7 " + sent + " 1 2 3 4 5 6 7\r\n";
        assertThat(NetDev.bytes(bytes(HEADINGS + line + LOOPBACK), PATH)).isEqualTo(received + sent);
    }

    @Property(tries = 10_000)
    void whatever_a_file_holds_the_answer_is_a_value_or_one_exception(@ForAll("contents") byte[] content) {
        ByteBuffer text = ByteBuffer.wrap(content);
        try {
            assertThat(NetDev.bytes(text, PATH)).isNotNegative();
        } catch (CgroupException clear) {
            assertThat(clear.getMessage()).startsWith(PATH).hasSizeLessThan(300);
        }
        assertThat(text.position()).isZero();
    }

    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<byte[]> nearlyRight = Arbitraries.of(
                        "eth0:", "lo:", " ", "\n", "\r\n", "\t", "0 ", "-1", ":", "|", "\0", "é", "9".repeat(300) + " ")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.UTF_8));
        return Arbitraries.oneOf(noise, nearlyRight);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
