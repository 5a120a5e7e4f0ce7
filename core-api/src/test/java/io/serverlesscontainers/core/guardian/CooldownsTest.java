package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Windows of 1 s, scaled at 0. */
class CooldownsTest {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    @Property
    void a_cooldown_ends_with_its_window_however_unpunctual_the_windows_are(
            @ForAll @IntRange(max = 100) int up,
            @ForAll @IntRange(max = 100) int down,
            @ForAll @IntRange(min = 1, max = 120) int window,
            @ForAll @IntRange(min = -499, max = 499) int lateMillis) {
        Cooldowns cooldowns = cooldowns(WINDOW.multipliedBy(up), WINDOW.multipliedBy(down));
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH);
        Instant now = Instant.EPOCH.plusSeconds(window).plusMillis(lateMillis);

        assertThat(cooldowns.left("web-1", Resource.CPU, Direction.UP, now))
                .isEqualTo(window < up ? WINDOW.multipliedBy(up - window).minusMillis(lateMillis) : Duration.ZERO);
        assertThat(cooldowns.left("web-1", Resource.CPU, Direction.DOWN, now))
                .isEqualTo(window < down ? WINDOW.multipliedBy(down - window).minusMillis(lateMillis) : Duration.ZERO);
    }

    @Test
    void each_limit_rests_for_itself() {
        Cooldowns cooldowns = cooldowns(Duration.ofDays(1), Duration.ofDays(1));
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH);

        assertThat(left(cooldowns, "web-1", Resource.CPU)).isEqualTo(Duration.ofDays(1));
        assertThat(left(cooldowns, "web-1", Resource.MEMORY)).isZero();
        assertThat(left(cooldowns, "web-2", Resource.CPU)).isZero();
    }

    @Test
    void the_latest_scaling_counts() {
        Cooldowns cooldowns = cooldowns(Duration.ofSeconds(5), Duration.ZERO);
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH.minusSeconds(3));
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH);

        assertThat(left(cooldowns, "web-1", Resource.CPU)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void a_scaling_in_the_future_does_not_count() {
        Cooldowns cooldowns = cooldowns(Duration.ofSeconds(5), Duration.ofSeconds(5));
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH.plusSeconds(1));

        assertThat(left(cooldowns, "web-1", Resource.CPU)).isZero();
    }

    @Test
    void a_cooldown_longer_than_time_does_not_overflow() {
        Cooldowns cooldowns = cooldowns(Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO);
        cooldowns.scaled("web-1", Resource.CPU, Instant.EPOCH);

        assertThat(left(cooldowns, "web-1", Resource.CPU)).isEqualTo(Duration.ofSeconds(Long.MAX_VALUE));
    }

    @Test
    void nothing_is_remembered_of_what_is_gone_or_where_nothing_rests() {
        Cooldowns cooldowns = cooldowns(Duration.ofDays(1), Duration.ofDays(1));
        for (int number = 0; number < 100; number++) {
            cooldowns.scaled("web-" + number, Resource.CPU, Instant.EPOCH);
        }
        cooldowns.keepOnly(Set.of("web-7", "db"));
        assertThat(left(cooldowns, "web-7", Resource.CPU)).isPositive();
        assertThat(left(cooldowns, "web-8", Resource.CPU)).isZero();
        cooldowns.keepOnly(Set.of("db"));
        assertThat(cooldowns.isEmpty()).isTrue();

        Cooldowns none = cooldowns(Duration.ZERO, Duration.ZERO);
        none.scaled("web-1", Resource.CPU, Instant.EPOCH);
        assertThat(none.isEmpty()).isTrue();
    }

    private static Duration left(Cooldowns cooldowns, String structure, Resource resource) {
        return cooldowns.left(structure, resource, Direction.UP, Instant.EPOCH);
    }

    private static Cooldowns cooldowns(Duration up, Duration down) {
        return new Cooldowns(
                GuardianSettings.stock().withWindow(WINDOW, Duration.ZERO).withCooldown(up, down));
    }
}
