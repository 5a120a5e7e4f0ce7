package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceLinkTest {
    @Property(tries = 10_000)
    void numbers_are_read(@ForAll @LongRange(min = 0, max = 0xffff_ffffL) long number) {
        assertThat(NamespaceLink.number(bytes("net:[" + number + "]"))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "net:[]",
                "net:[1",
                "net:[-1]",
                "net:[1]x",
                "pid:[1]",
                "net:[1x]",
                "net:[1234567890123456789]",
                "]"
            })
    void anything_else_is_none(String text) {
        assertThat(NamespaceLink.number(bytes(text))).isEqualTo(KernelText.ABSENT);
    }

    @Test
    void the_link_of_a_process_that_has_ended_is_none() {
        assertThat(NamespaceLink.number(null)).isEqualTo(KernelText.ABSENT);
    }

    @Property(tries = 10_000)
    void whatever_it_is_there_is_an_answer(@ForAll @Size(max = 40) byte[] text) {
        assertThat(NamespaceLink.number(ByteBuffer.wrap(text))).isGreaterThanOrEqualTo(KernelText.ABSENT);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
