package io.serverlesscontainers.core.scaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.CoreUsage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class CoreMapTest {
    private record Step(String container, long shares) {}

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d"), Arbitraries.longs().between(0, 350))
                .as(Step::new)
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 3_000)
    void every_core_has_100_shares_whatever_is_held(
            @ForAll("steps") List<Step> steps, @ForAll @IntRange(min = 1, max = 6) int count) {
        var map = new CoreMap(CpuSet.first(count));
        Map<String, Long> held = new HashMap<>();
        for (Step step : steps) {
            long free = map.free();
            long before = held.getOrDefault(step.container(), 0L);

            long now = map.resize(step.container(), step.shares());

            assertThat(now).isEqualTo(Math.min(step.shares(), before + free));
            held.put(step.container(), now);
            held.forEach((name, shares) -> assertThat(map.held(name)).as(name).isEqualTo(shares));
            assertThat(map.free())
                    .isEqualTo(100L * count
                            - held.values().stream().mapToLong(Long::longValue).sum());
            map.toUsage().cores().forEach(CoreMapTest::assertWhole);
        }
    }

    private static void assertWhole(int number, CoreUsage.Core core) {
        assertThat(core.free()).as("free on %d", number).isBetween(0L, 100L);
        assertThat(core.shares().values()).allMatch(shares -> shares > 0);
        assertThat(core.free()
                        + core.shares().values().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                .as("core %d", number)
                .isEqualTo(100);
    }

    @Property(tries = 2_000)
    void what_was_stored_comes_back(@ForAll("steps") List<Step> steps) {
        var map = new CoreMap(CpuSet.first(4));
        steps.forEach(step -> map.resize(step.container(), step.shares()));

        var read = new CoreMap(map.toUsage(), CpuSet.first(4));

        assertThat(read.toUsage()).isEqualTo(map.toUsage());
        assertThat(read.free()).isEqualTo(map.free());
    }

    @Property(tries = 2_000)
    void a_restored_container_has_the_very_cores_it_had(
            @ForAll("steps") List<Step> steps, @ForAll @LongRange(min = 0, max = 500) long tried) {
        var map = new CoreMap(CpuSet.first(4));
        steps.forEach(step -> map.resize(step.container(), step.shares()));
        CoreUsage before = map.toUsage();
        SortedMap<Integer, Integer> holding = map.holding("a");
        map.resize("a", tried);

        map.restore("a", holding);

        assertThat(map.toUsage()).isEqualTo(before);
    }

    @Provide
    Arbitrary<CoreUsage> hostile() {
        Arbitrary<Long> amounts =
                Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(-10, 150));
        Arbitrary<CoreUsage.Core> core = Combinators.combine(
                        amounts,
                        Arbitraries.maps(Arbitraries.of("a", "b", "c"), amounts).ofMaxSize(3))
                .as((free, shares) -> new CoreUsage.Core(free, new TreeMap<>(shares)));
        return Arbitraries.maps(Arbitraries.of(-1, 0, 1, 2, 3, 7, 99, Integer.MAX_VALUE), core)
                .ofMaxSize(8)
                .map(cores -> new CoreUsage(new TreeMap<>(cores)));
    }

    @Property(tries = 2_000)
    void a_hostile_map_is_made_whole(@ForAll("hostile") CoreUsage stored) {
        var map = new CoreMap(stored, CpuSet.first(4));

        map.toUsage().cores().forEach(CoreMapTest::assertWhole);
        assertThat(map.toUsage().cores().keySet()).isSubsetOf(0, 1, 2, 3);
        map.resize("a", 1_000);
        assertThat(map.free()).isZero();
    }

    @Test
    void a_container_grows_on_its_own_cores_first() {
        var map = new CoreMap(CpuSet.first(3));
        map.resize("a", 40);
        map.resize("b", 10);

        map.resize("a", 90);

        assertThat(map.cores("a")).isEqualTo(CpuSet.of(0));
        assertThat(map.cores("b")).isEqualTo(CpuSet.of(1));
    }

    @Test
    void then_on_free_cores_and_only_then_on_shared_ones() {
        var map = new CoreMap(CpuSet.first(4));
        map.resize("a", 100);
        map.resize("b", 30);
        map.resize("c", 60);

        map.resize("a", 200);
        assertThat(map.cores("a")).isEqualTo(CpuSet.of(0, 3));

        map.resize("a", 210);
        assertThat(map.holding("a")).isEqualTo(new TreeMap<>(Map.of(0, 100, 1, 10, 3, 100)));
    }

    @Test
    void of_its_own_cores_it_fills_the_one_it_holds_most_of() {
        var stored = usage(Map.of(0, Map.of("a", 10L), 1, Map.of("a", 50L)));
        var map = new CoreMap(stored, CpuSet.first(2));

        map.resize("a", 70);

        assertThat(map.holding("a")).isEqualTo(new TreeMap<>(Map.of(0, 10, 1, 60)));
    }

    @Test
    void it_releases_first_where_it_holds_least() {
        var stored = usage(Map.of(0, Map.of("a", 10L), 1, Map.of("a", 50L), 2, Map.of("a", 30L)));
        var map = new CoreMap(stored, CpuSet.first(3));

        map.resize("a", 60);

        assertThat(map.holding("a")).isEqualTo(new TreeMap<>(Map.of(1, 50, 2, 10)));
    }

    @Test
    void containers_that_are_gone_give_back_what_they_held() {
        var map = new CoreMap(CpuSet.first(2));
        map.resize("a", 120);
        map.resize("b", 50);

        map.keepOnly(List.of("b", "c"));

        assertThat(map.held("a")).isZero();
        assertThat(map.held("b")).isEqualTo(50);
        assertThat(map.free()).isEqualTo(150);
    }

    private static CoreUsage usage(Map<Integer, Map<String, Long>> cores) {
        var usage = new TreeMap<Integer, CoreUsage.Core>();
        cores.forEach((number, shares) -> usage.put(number, new CoreUsage.Core(0, new TreeMap<>(shares))));
        return new CoreUsage(usage);
    }
}
