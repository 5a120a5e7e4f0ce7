package io.serverlesscontainers.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CapHistoryTest {
    @Test
    void itKnowsEveryCapThatWasInForceWithinItsMemory() {
        var history = new CapHistory(1, 1_000);
        for (int change = 1; change <= 500; change++) {
            history.change(change * 10L, 1 + change);
        }
        for (long time = 4_000; time < 5_000; time++) {
            assertThat(history.cap(history.stepAt(time))).isEqualTo(1 + time / 10);
        }
    }

    @Test
    void itDoesNotGrowBeyondItsMemory() {
        var history = new CapHistory(1, 1_000);
        for (int change = 1; change <= 100_000; change++) {
            history.change(change * 10L, 1 + change);
        }
        assertThat(history.steps()).isLessThanOrEqualTo(102);
    }

    @Test
    void theSameCapAgainIsNoStep() {
        var history = new CapHistory(7, 1_000);
        history.change(10, 7);
        assertThat(history.steps()).isEqualTo(1);
    }

    @Test
    void aClockThatWentBackDoesNotRewriteThePast() {
        var history = new CapHistory(1, 1_000);
        history.change(100, 2);
        history.change(50, 3);
        assertThat(history.cap(history.stepAt(99))).isEqualTo(1);
        assertThat(history.cap(history.stepAt(100))).isEqualTo(3);
        assertThat(history.latest()).isEqualTo(3);
    }
}
