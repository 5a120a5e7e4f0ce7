package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** With a clock that moves when the test says so. */
class SearchTurnsTest {
    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock = new AtomicLong(-7);

    @Test
    void a_fiftieth_of_the_time_goes_into_the_search_and_everybody_has_a_turn() {
        var turns = new SearchTurns(clock::get);
        long[] lastRound = new long[10];
        int[] looks = new int[10];
        for (int call = 0; call < 10; call++) {
            clock.addAndGet(95 * MILLISECOND);
            turns.begin();
            int inThisCall = 0;
            for (int i = 0; i < lastRound.length; i++) {
                if (turns.mayLook(lastRound[i])) {
                    lastRound[i] = turns.round();
                    looks[i]++;
                    inThisCall++;
                    clock.addAndGet(MILLISECOND);
                }
            }
            assertThat(inThisCall).isEqualTo(2);
        }
        assertThat(looks).containsOnly(2);
    }

    @Test
    void one_is_looked_for_however_long_that_takes() {
        var turns = new SearchTurns(clock::get);
        turns.begin();
        assertThat(turns.mayLook(0)).isTrue();
        clock.addAndGet(1);
        assertThat(turns.mayLook(0)).isFalse();
        turns.begin();
        assertThat(turns.mayLook(0)).isTrue();
    }

    @Test
    void containers_that_are_missing_are_found_in_the_end_and_told_of_once() {
        List<String> names = new ArrayList<>();
        try (var tree = FixtureTree.of(FixtureTree.Kind.V2).container("cont0");
                var driver = tree.driver();
                // Each look at the clock takes a moment, so that the time for the search is up after some.
                var source = new CgroupMetricSource(driver, () -> clock.addAndGet(MILLISECOND))) {
            names.add("cont0");
            for (int i = 0; i < 20; i++) {
                names.add("gone-" + i);
            }
            assertThat(ask(source, names).problems()).hasSize(20);
            tree.container("gone-19");
            int calls = 0;
            Usages usages;
            do {
                clock.addAndGet(200 * MILLISECOND);
                usages = ask(source, names);
                assertThat(usages.problems()).isEmpty();
                assertThat(usages.of("cont0", Resource.MEMORY)).isPresent();
                calls++;
            } while (usages.of("gone-19", Resource.MEMORY).isEmpty() && calls < 100);
            assertThat(calls).isBetween(3, 12);
        }
    }

    private static Usages ask(CgroupMetricSource source, List<String> names) {
        return source.usage(new UsageQuery(
                Structure.Subtype.CONTAINER, names, Set.of(Resource.MEMORY), Instant.EPOCH, Instant.EPOCH));
    }
}
