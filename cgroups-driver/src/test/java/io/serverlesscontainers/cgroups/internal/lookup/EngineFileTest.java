package io.serverlesscontainers.cgroups.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class EngineFileTest {
    @TempDir
    Path directory;

    @Test
    void json_is_read() throws Exception {
        Path file = Files.writeString(directory.resolve("x"), "{\"a\":[1]}");
        assertThat(EngineFile.json(file).orElseThrow().path("a").path(0).asInt())
                .isEqualTo(1);
    }

    @Test
    void what_is_no_json_tells_nothing() throws Exception {
        Path file = directory.resolve("x");
        for (String text : new String[] {"{", "{\"a\":", "\0", "[".repeat(100_000)}) {
            Files.writeString(file, text);
            assertThat(EngineFile.json(file)).isEmpty();
        }
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_is_no_ordinary_file_tells_nothing() throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();
        assertThat(pipe).exists();
        assertThat(EngineFile.json(pipe)).isEmpty();
        assertThat(EngineFile.json(directory)).isEmpty();
        assertThat(EngineFile.json(directory.resolve("none"))).isEmpty();
    }

    @Test
    void a_file_that_is_much_too_large_is_not_read() throws Exception {
        Path file = directory.resolve("x");
        byte[] spaces = " ".repeat(8 << 20).getBytes(StandardCharsets.US_ASCII);
        spaces[0] = '1';
        Files.write(file, spaces);
        assertThat(EngineFile.json(file)).isPresent();
        Files.writeString(file, "1 " + new String(spaces, 1, spaces.length - 1, StandardCharsets.US_ASCII));
        assertThat(EngineFile.json(file)).isEmpty();
    }

    @Test
    void directories_are_listed_and_nothing_else_has_entries() throws Exception {
        for (String name : new String[] {"a", "b c", "d\ne"}) {
            Files.createFile(directory.resolve(name));
        }
        assertThat(EngineFile.list(directory)).containsExactlyInAnyOrder("a", "b c");
        assertThat(EngineFile.list(directory.resolve("a"))).isEmpty();
        assertThat(EngineFile.list(directory.resolve("none"))).isEmpty();
    }
}
