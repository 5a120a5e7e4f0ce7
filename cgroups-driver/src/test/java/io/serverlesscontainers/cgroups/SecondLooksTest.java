package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecondLooksTest {
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final SecondLooks looks = new SecondLooks(clock::get);

    @Test
    void a_new_container_is_looked_at_each_time() {
        assertThat(looks.isDue()).isTrue();
        assertThat(looks.isDue()).isTrue();
        pass(SecondLooks.NEW.minusNanos(1));
        assertThat(looks.isDue()).isTrue();
    }

    @Test
    void an_old_one_now_and_then() {
        pass(SecondLooks.NOW_AND_THEN);
        assertThat(looks.isDue()).isTrue();
        assertThat(looks.isDue()).isFalse();
        pass(SecondLooks.NOW_AND_THEN.minusNanos(1));
        assertThat(looks.isDue()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(looks.isDue()).isTrue();
        assertThat(looks.isDue()).isFalse();
    }

    @Test
    void one_that_is_not_new_any_more_waits_for_its_turn() {
        pass(SecondLooks.NEW);
        assertThat(looks.isDue()).isFalse();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
