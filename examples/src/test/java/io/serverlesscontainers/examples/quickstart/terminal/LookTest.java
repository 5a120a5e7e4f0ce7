package io.serverlesscontainers.examples.quickstart.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LookTest {
    @Test
    void coloursAreForTerminalsOnly() {
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of()).colour()).isTrue();
        assertThat(Look.of(false, StandardCharsets.UTF_8, Map.of()).colour()).isFalse();
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("TERM", "dumb")).interactive())
                .isFalse();
    }

    @Test
    void aWishForNoColourIsRespected() {
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("NO_COLOR", "1"))
                        .colour())
                .isFalse();
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("NO_COLOR", "")).colour())
                .isTrue();
    }

    @Test
    void theWidthIsReadAndKeptWithinReason() {
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("COLUMNS", "120"))
                        .columns())
                .isEqualTo(120);
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("COLUMNS", "wide"))
                        .columns())
                .isEqualTo(80);
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of()).columns()).isEqualTo(80);
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of("COLUMNS", "3")).columns())
                .isEqualTo(60);
    }

    @Test
    void whatCannotBeEncodedIsNotUsed() {
        assertThat(Look.of(true, StandardCharsets.US_ASCII, Map.of()).unicode()).isFalse();
        assertThat(Look.of(true, StandardCharsets.UTF_8, Map.of()).unicode()).isTrue();
    }
}
