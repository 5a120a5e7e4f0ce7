package io.serverlesscontainers.examples.quickstart.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimetableTest {
    @Test
    void aMinuteIsTraditionalForFiveSecondsAtEachEnd() {
        var minute = new Timetable(Duration.ofSeconds(60), Duration.ofSeconds(1));

        assertThat(minute.guardedFrom()).isEqualTo(Duration.ofSeconds(5));
        assertThat(minute.guardedUntil()).isEqualTo(Duration.ofSeconds(55));
        assertThat(minute.isGuarded(Duration.ofMillis(4999))).isFalse();
        assertThat(minute.isGuarded(Duration.ofSeconds(5))).isTrue();
        assertThat(minute.isGuarded(Duration.ofSeconds(55))).isFalse();
    }

    @Test
    void aRunThatIsTooShortIsRefusedWithTheShortestThatIsNot() {
        assertThatThrownBy(() -> new Timetable(Duration.ofSeconds(4), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a run of 4 s is too short: 5 s are needed with a window of 1 s");
        assertThat(new Timetable(Duration.ofMillis(500), Duration.ofMillis(100)).duration())
                .isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void aShortRunIsPossibleButMayShowLess() {
        assertThat(new Timetable(Duration.ofSeconds(44), Duration.ofSeconds(1)).isLongEnough())
                .isFalse();
        assertThat(new Timetable(Duration.ofSeconds(45), Duration.ofSeconds(1)).isLongEnough())
                .isTrue();
    }

    @Test
    void aWindowThatIsTooShortOrTooLongIsRefused() {
        assertThatThrownBy(() -> new Timetable(Duration.ofSeconds(60), Duration.ofMillis(99)))
                .hasMessage("a window of 99 ms is outside 100 ms to 10 s");
        assertThatThrownBy(() -> new Timetable(Duration.ofSeconds(60), Duration.ofMillis(10_500)))
                .hasMessage("a window of 10.5 s is outside 100 ms to 10 s");
        assertThatThrownBy(() -> new Timetable(Duration.ofHours(25), Duration.ofSeconds(1)))
                .hasMessageContaining("is longer than");
    }
}
