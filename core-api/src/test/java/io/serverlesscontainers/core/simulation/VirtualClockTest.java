package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class VirtualClockTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final VirtualClock clock = VirtualClock.startingAt(START);

    @Test
    void itStandsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo(START).isEqualTo(clock.instant());
        assertThat(clock.advance(Duration.ofMillis(1500)))
                .isEqualTo(START.plusMillis(1500))
                .isEqualTo(clock.instant());
        assertThat(clock.millis()).isEqualTo(START.toEpochMilli() + 1500);
    }

    @Test
    void itNeverGoesBack() {
        assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT-0.001S");
        assertThat(clock.instant()).isEqualTo(START);
    }

    @Test
    void inAnotherZoneItIsTheSameClock() {
        VirtualClock elsewhere = clock.withZone(ZoneId.of("Asia/Tokyo"));
        clock.advance(Duration.ofHours(1));
        assertThat(elsewhere.instant()).isEqualTo(clock.instant());
        assertThat(elsewhere.getZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(clock.getZone()).isEqualTo(ZoneId.of("Z"));
    }

    @Test
    void noMoveIsLostBetweenThreads() throws Exception {
        var threads = Executors.newFixedThreadPool(4);
        try {
            var movers = new ArrayList<Callable<Void>>();
            for (int mover = 0; mover < 4; mover++) {
                movers.add(() -> {
                    for (int step = 0; step < 1000; step++) {
                        clock.advance(Duration.ofMillis(1));
                    }
                    return null;
                });
            }
            for (Future<Void> mover : threads.invokeAll(movers)) {
                mover.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(clock.instant()).isEqualTo(START.plusSeconds(4));
    }
}
