package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProcessFilesTest {
    private static final String PATH = "/proc/42/statm";

    @Property(tries = 200)
    void numbers_are_read_as_they_stand_there(@ForAll List<@IntRange(min = 1) Integer> numbers) {
        String text = numbers.stream().map(number -> number + "\n").collect(Collectors.joining());
        assertThat(ProcessFiles.numbers(bytes(text), PATH))
                .containsExactly(numbers.stream().mapToInt(Integer::intValue).toArray());
    }

    @Test
    void a_process_that_cannot_be_seen_is_left_out() {
        assertThat(ProcessFiles.numbers(bytes("0\n7\n0\n"), PATH)).containsExactly(7);
    }

    @Property(tries = 200)
    void the_address_space_comes_first(@ForAll @IntRange(min = 0) int pages, @ForAll @IntRange(min = 0) int others) {
        assertThat(ProcessFiles.pages(bytes(pages + " " + others + " 1 2 0 3 0\n"), PATH))
                .isEqualTo(pages);
    }

    @Test
    void what_is_no_number_is_refused_with_the_path() {
        assertThatThrownBy(() -> ProcessFiles.pages(bytes("many\n"), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining(PATH);
        assertThatThrownBy(() -> ProcessFiles.numbers(bytes("7\nx\n"), PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining(PATH);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }
}
