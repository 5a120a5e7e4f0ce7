package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.store.Stored;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import io.serverlesscontainers.store.document.ScalingEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The live events of one window, per structure and resource: counts what is there, takes what a rule consumes, and knows
 * at the end what the store has to add and to remove. For one window and one thread.
 */
final class EventLedger {
    private static final Comparator<Entry> OLDEST_FIRST =
            Comparator.comparing((Entry entry) -> entry.event.timestamp());

    private final Map<String, Map<Resource, List<Entry>>> live = new HashMap<>();
    private final List<Entry> found = new ArrayList<>();
    private final List<Entry> toRemove = new ArrayList<>();

    /** Sorts the stored events into live ones and such that have aged out: those older than the timeout. */
    EventLedger(List<Stored<ScalingEvent>> stored, Instant now, Duration timeout) {
        // Events carry whole seconds: held against a fraction, they would age out up to a second early.
        Instant oldest = now.truncatedTo(ChronoUnit.SECONDS).minus(timeout);
        for (Stored<ScalingEvent> each : stored) {
            if (each.entry().timestamp().isBefore(oldest)) {
                toRemove.add(new Entry(each.id(), each.entry()));
            } else {
                entries(each.entry().structure(), each.entry().resource()).add(new Entry(each.id(), each.entry()));
            }
        }
    }

    /** Adds an event of this window. */
    void add(ScalingEvent event) {
        var entry = new Entry(null, event);
        found.add(entry);
        entries(event.structure(), event.resource()).add(entry);
    }

    /** The sum of the live events of one resource, this window's included. */
    ScaleEvents sum(String structure, Resource resource) {
        long up = 0;
        long down = 0;
        for (Entry entry : live.getOrDefault(structure, Map.of()).getOrDefault(resource, List.of())) {
            up += entry.event.scale().up();
            down += entry.event.scale().down();
        }
        return new ScaleEvents((int) Math.min(up, Integer.MAX_VALUE), (int) Math.min(down, Integer.MAX_VALUE));
    }

    /**
     * Takes events of one direction, oldest first.
     *
     * @return how many there were to take, at most {@code count}
     */
    int consume(String structure, Resource resource, Direction direction, int count) {
        List<Entry> entries = entries(structure, resource);
        entries.sort(OLDEST_FIRST);
        int taken = 0;
        for (var each = entries.iterator(); each.hasNext() && taken < count; ) {
            Entry entry = each.next();
            if (entry.counts(direction)) {
                each.remove();
                entry.consumed = true;
                if (entry.id != null) {
                    toRemove.add(entry);
                }
                taken++;
            }
        }
        return taken;
    }

    /** Events of this window that the store must keep: those that no rule consumed at once. */
    List<ScalingEvent> toAdd() {
        return found.stream()
                .filter(entry -> !entry.consumed)
                .map(entry -> entry.event)
                .toList();
    }

    /** Ids of stored events that have aged out or were consumed. */
    List<String> toRemove() {
        return toRemove.stream().map(entry -> entry.id).toList();
    }

    /** Leaves all events of some structures as the store has them. */
    void leave(Set<String> structures) {
        found.removeIf(entry -> structures.contains(entry.event.structure()));
        toRemove.removeIf(entry -> structures.contains(entry.event.structure()));
    }

    private List<Entry> entries(String structure, Resource resource) {
        return live.computeIfAbsent(structure, name -> new EnumMap<>(Resource.class))
                .computeIfAbsent(resource, key -> new ArrayList<>());
    }

    private static final class Entry {
        private final String id;
        private final ScalingEvent event;
        private boolean consumed;

        Entry(String id, ScalingEvent event) {
            this.id = id;
            this.event = event;
        }

        boolean counts(Direction direction) {
            return direction == Direction.UP
                    ? event.scale().up() > 0
                    : event.scale().down() > 0;
        }
    }
}
