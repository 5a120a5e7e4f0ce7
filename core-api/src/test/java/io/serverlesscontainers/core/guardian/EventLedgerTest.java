package io.serverlesscontainers.core.guardian;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EventLedgerTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000);
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    @Test
    void an_event_counts_up_to_its_timeout_and_not_longer() {
        var ledger = new EventLedger(List.of(up("old", 899), up("just", 900), up("new", 1_000)), NOW, TIMEOUT);

        assertThat(ledger.sum("web-1", Resource.CPU)).isEqualTo(new ScaleEvents(2, 0));
        assertThat(ledger.toRemove()).containsExactly("old");
        assertThat(ledger.toAdd()).isEmpty();
    }

    @Test
    void an_event_of_a_fraction_of_a_second_does_not_age_out_early() {
        var ledger = new EventLedger(List.of(up("just", 900)), NOW.plusMillis(900), TIMEOUT);

        assertThat(ledger.sum("web-1", Resource.CPU)).isEqualTo(ScaleEvents.UP);
    }

    @Test
    void structures_and_resources_are_counted_apart() {
        var ledger = new EventLedger(List.of(up("1", 990)), NOW, TIMEOUT);
        ledger.add(ScalingEvent.of("web-1", Resource.MEMORY, ScaleEvents.DOWN, NOW));
        ledger.add(ScalingEvent.of("web-2", Resource.CPU, ScaleEvents.DOWN, NOW));

        assertThat(ledger.sum("web-1", Resource.CPU)).isEqualTo(ScaleEvents.UP);
        assertThat(ledger.sum("web-1", Resource.MEMORY)).isEqualTo(ScaleEvents.DOWN);
        assertThat(ledger.sum("web-2", Resource.CPU)).isEqualTo(ScaleEvents.DOWN);
        assertThat(ledger.sum("web-2", Resource.MEMORY)).isEqualTo(ScaleEvents.NONE);
        assertThat(ledger.sum("web-3", Resource.CPU)).isEqualTo(ScaleEvents.NONE);
    }

    @Test
    void the_oldest_events_of_the_direction_are_consumed() {
        var ledger = new EventLedger(List.of(up("new", 995), down("down", 980), up("old", 990)), NOW, TIMEOUT);
        ledger.add(ScalingEvent.of("web-1", Resource.CPU, ScaleEvents.UP, NOW));

        assertThat(ledger.consume("web-1", Resource.CPU, Direction.UP, 2)).isEqualTo(2);

        assertThat(ledger.toRemove()).containsExactly("old", "new");
        assertThat(ledger.sum("web-1", Resource.CPU)).isEqualTo(new ScaleEvents(1, 1));
        assertThat(ledger.toAdd()).hasSize(1);
    }

    @Test
    void an_event_consumed_in_its_own_window_never_reaches_the_store() {
        var ledger = new EventLedger(List.of(up("old", 990)), NOW, TIMEOUT);
        ledger.add(ScalingEvent.of("web-1", Resource.CPU, ScaleEvents.UP, NOW));

        assertThat(ledger.consume("web-1", Resource.CPU, Direction.UP, 5)).isEqualTo(2);

        assertThat(ledger.toRemove()).containsExactly("old");
        assertThat(ledger.toAdd()).isEmpty();
    }

    @Test
    void a_flood_of_counts_does_not_overflow() {
        var flood = new ScaleEvents(Integer.MAX_VALUE, Integer.MAX_VALUE);
        var stored = new ArrayList<Stored<ScalingEvent>>();
        for (int id = 0; id < 3; id++) {
            stored.add(new Stored<>("" + id, ScalingEvent.of("web-1", Resource.CPU, flood, NOW)));
        }

        assertThat(new EventLedger(stored, NOW, TIMEOUT).sum("web-1", Resource.CPU))
                .isEqualTo(flood);
    }

    @Provide
    Arbitrary<List<Stored<ScalingEvent>>> histories() {
        return Combinators.combine(
                        Arbitraries.of(ScaleEvents.UP, ScaleEvents.DOWN, new ScaleEvents(3, 0)),
                        Arbitraries.longs().between(850, 1_000))
                .as((scale, second) -> ScalingEvent.of("web-1", Resource.CPU, scale, Instant.ofEpochSecond(second)))
                .list()
                .ofMaxSize(30)
                .map(events -> {
                    var stored = new ArrayList<Stored<ScalingEvent>>();
                    events.forEach(event -> stored.add(new Stored<>("id-" + stored.size(), event)));
                    return stored;
                });
    }

    @Property(tries = 2_000)
    void what_is_consumed_is_live_of_the_direction_and_oldest_first(
            @ForAll("histories") List<Stored<ScalingEvent>> stored,
            @ForAll Direction direction,
            @ForAll @IntRange(max = 10) int count) {
        List<String> aged = stored.stream()
                .filter(each -> each.entry().timestamp().getEpochSecond() < 900)
                .map(Stored::id)
                .toList();
        List<String> consumable = stored.stream()
                .filter(each -> !aged.contains(each.id()))
                .filter(each -> direction == Direction.UP
                        ? each.entry().scale().up() > 0
                        : each.entry().scale().down() > 0)
                .sorted(Comparator.comparing(each -> each.entry().timestamp()))
                .limit(count)
                .map(Stored::id)
                .toList();
        var ledger = new EventLedger(stored, NOW, TIMEOUT);

        assertThat(ledger.consume("web-1", Resource.CPU, direction, count)).isEqualTo(consumable.size());

        assertThat(ledger.toRemove())
                .isEqualTo(Stream.concat(aged.stream(), consumable.stream()).toList());
        int left = stored.stream()
                .filter(each -> !ledger.toRemove().contains(each.id()))
                .mapToInt(
                        each -> each.entry().scale().up() + each.entry().scale().down())
                .sum();
        ScaleEvents sum = ledger.sum("web-1", Resource.CPU);
        assertThat(sum.up() + sum.down()).isEqualTo(left);
    }

    private static Stored<ScalingEvent> up(String id, long second) {
        return stored(id, ScaleEvents.UP, second);
    }

    private static Stored<ScalingEvent> down(String id, long second) {
        return stored(id, ScaleEvents.DOWN, second);
    }

    private static Stored<ScalingEvent> stored(String id, ScaleEvents scale, long second) {
        return new Stored<>(id, ScalingEvent.of("web-1", Resource.CPU, scale, Instant.ofEpochSecond(second)));
    }
}
