package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenTest {
    @Test
    void a_file_holds_it_with_or_without_a_line_end(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("token"), "0123456789abcdef\n");
        assertThat(Token.in(file).isIn("Bearer 0123456789abcdef")).isTrue();
        assertThat(Token.in(file).isIn("Bearer 0123456789abcdeF")).isFalse();
        assertThat(Token.in(file).isIn(null)).isFalse();
    }

    @Test
    void what_could_be_guessed_is_refused_and_never_told(@TempDir Path directory) throws Exception {
        for (String secret : new String[] {"", "short", "with a space in it", "ümlaut-ümlaut-ümlaut"}) {
            Path file = Files.writeString(directory.resolve("token"), secret);
            assertThatThrownBy(() -> Token.in(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("16 to 1024 printable")
                    .satisfies(told -> assertThat(
                                    secret.length() < 5 || !told.getMessage().contains(secret))
                            .isTrue());
        }
        assertThat(Token.of("0123456789abcdef", "x").toString()).doesNotContain("0123");
    }

    @Test
    void a_file_that_is_not_there_is_told(@TempDir Path directory) {
        assertThatThrownBy(() -> Token.in(directory.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the token cannot be read from");
    }
}
