package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WorkingSetTest {
    private static final String PATH = "/sys/fs/cgroup/cont0/memory.stat";
    private static final byte[] KEY = KernelText.key("total_inactive_file");

    @Property(tries = 10_000)
    void it_is_what_is_left_without_inactive_files_and_never_negative(
            @ForAll @LongRange(min = 0) long charged, @ForAll @LongRange(min = 0) long inactive) {
        var stat = text(
                "inactive_file 7\ntotal_inactive_anon 9\ntotal_inactive_file " + inactive + "\ntotal_active_file 11\n");
        long expected = charged > inactive ? charged - inactive : 0;
        assertThat(WorkingSet.of(charged, WorkingSet.inactiveFile(stat, KEY, PATH)))
                .isEqualTo(expected);
    }

    @Test
    void a_file_without_the_line_is_refused_by_its_path() {
        assertThatThrownBy(() -> WorkingSet.inactiveFile(text("inactive_file 7\ntotal_inactive_fil"), KEY, PATH))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith(PATH + " has no line for inactive file pages");
    }

    private static ByteBuffer text(String content) {
        return ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
    }
}
