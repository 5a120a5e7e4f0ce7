package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * When each limit was last asked to move, and how long it therefore rests. A scaling at {@code t}, whichever way it
 * went, keeps the limit from going up before {@code t + up}, and from going down before {@code t + down}:
 *
 * <pre>
 *   rests at now  ⇔  t + cooldown − now &gt; window / 2
 * </pre>
 *
 * <p>Windows are never quite on time, so one that comes up to half a window early is taken for the one that was meant:
 * a cooldown of three windows always ends with the third window after the scaling. One of up to a window and a half ends
 * with the next, and so changes nothing. A scaling that lies in the future, because somebody set the clock back, does
 * not count. For one thread.
 */
final class Cooldowns {
    private final Duration up;
    private final Duration down;
    private final Duration halfWindow;
    private final Map<String, Map<Resource, Instant>> scaledAt = new HashMap<>();

    Cooldowns(GuardianSettings settings) {
        up = settings.cooldownUp();
        down = settings.cooldownDown();
        halfWindow = settings.window().dividedBy(2);
    }

    /** Notes that a limit was asked to move. */
    void scaled(String structure, Resource resource, Instant at) {
        if (!up.isZero() || !down.isZero()) {
            scaledAt.computeIfAbsent(structure, name -> new EnumMap<>(Resource.class))
                    .put(resource, at);
        }
    }

    /** How long the limit still rests in one direction; zero if it may move. */
    Duration left(String structure, Resource resource, Direction direction, Instant now) {
        Instant last = scaledAt.getOrDefault(structure, Map.of()).get(resource);
        if (last == null || last.isAfter(now)) {
            return Duration.ZERO;
        }
        Duration cooldown = direction == Direction.UP ? up : down;
        Duration left = cooldown.minus(Duration.between(last, now));
        return left.compareTo(halfWindow) > 0 ? left : Duration.ZERO;
    }

    /** Forgets all structures but these. */
    void keepOnly(Set<String> structures) {
        scaledAt.keySet().retainAll(structures);
    }

    /** Whether it has anything to remember. */
    boolean isEmpty() {
        return scaledAt.isEmpty();
    }
}
