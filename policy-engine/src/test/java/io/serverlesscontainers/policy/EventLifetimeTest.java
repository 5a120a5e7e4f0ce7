package io.serverlesscontainers.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** How many windows' events live at once, against a Guardian that really counts them. */
class EventLifetimeTest {
    private static final int STEP_MILLIS = 50;

    @Example
    void events_of_a_hundred_seconds_are_those_of_eleven_ten_second_windows() {
        assertThat(alive(10_000, 100_000)).isEqualTo(11);
        assertThat(alive(10_000, 99_000)).isEqualTo(10);
        assertThat(alive(10_000, 9_000)).isEqualTo(1);
    }

    @Property(tries = 500)
    void it_is_the_most_that_there_can_be_wherever_in_a_second_windows_begin(
            @ForAll @IntRange(min = 1, max = 100) int windowSteps,
            @ForAll @IntRange(min = 1, max = 200) int timeoutSteps) {
        int window = windowSteps * STEP_MILLIS;
        int timeout = timeoutSteps * STEP_MILLIS;
        long most = IntStream.range(0, 1_000 / STEP_MILLIS)
                .mapToLong(step -> counted(step * STEP_MILLIS, window, Duration.ofMillis(timeout)))
                .max()
                .orElseThrow();
        assertThat(alive(window, timeout)).isEqualTo(most);
    }

    /** Of one event in each window up to now, those whose whole second is not older than the timeout. */
    private static long counted(int millisOfSecond, int windowMillis, Duration timeout) {
        Instant now = Instant.ofEpochSecond(1_000_000).plusMillis(millisOfSecond);
        Instant oldest = now.truncatedTo(ChronoUnit.SECONDS).minus(timeout);
        return LongStream.iterate(0, n -> n + 1)
                .mapToObj(n -> now.minusMillis(n * windowMillis).truncatedTo(ChronoUnit.SECONDS))
                .takeWhile(event -> !event.isBefore(oldest))
                .count();
    }

    private static long alive(int windowMillis, int timeoutMillis) {
        BigDecimal alive =
                new EventLifetime(Duration.ofMillis(windowMillis), Duration.ofMillis(timeoutMillis)).windowsAlive();
        return alive.longValueExact();
    }
}
