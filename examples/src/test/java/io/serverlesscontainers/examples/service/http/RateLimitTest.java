package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RateLimitTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000); // nanoTime may wrap around
    private final RateLimit rate = new RateLimit(10, now::get);

    private int allowed(String address, int asked) {
        int allowed = 0;
        for (int i = 0; i < asked; i++) {
            allowed += rate.allows(address) ? 1 : 0;
        }
        return allowed;
    }

    @Example
    void a_burst_of_two_seconds_and_then_the_rate() {
        assertThat(allowed("a", 100)).isEqualTo(20);
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(allowed("a", 100)).isEqualTo(5);
        now.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(allowed("a", 100)).isEqualTo(20);
    }

    @Example
    void one_address_does_not_use_up_anothers() {
        allowed("a", 100);
        assertThat(allowed("b", 100)).isEqualTo(20);
    }

    @Property(tries = 50)
    void never_more_than_the_burst_and_the_rate(@ForAll @IntRange(min = 10, max = 2_000) int milliseconds) {
        int seconds = 4;
        var limit = new RateLimit(10, now::get);
        int allowed = 0;
        for (long passed = 0; passed < seconds * 1_000L; passed += milliseconds) {
            for (int i = 0; i < 50; i++) {
                allowed += limit.allows("a") ? 1 : 0;
            }
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(milliseconds));
        }
        assertThat(allowed).isLessThanOrEqualTo(20 + 10 * seconds);
    }
}
