package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.Mode;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * How a Guardian works. Immutable; the {@code with…} methods change one setting.
 *
 * @param window the span over which usage is averaged, and so the Guardian's period; more than 0
 * @param delay how long ago the window ends: as long as samples take to arrive; 0 or more
 * @param eventTimeout how long an event counts; more than 0
 * @param subtype which structures are guarded
 * @param resources which resources are guarded
 * @param mode how far it goes
 * @param cooldownUp how long after asking for another limit, higher or lower, it does not ask for a higher one; 0 or
 *     more. Only whole windows matter: one that comes up to half a window early counts as on time
 * @param cooldownDown how long after asking for another limit, higher or lower, it does not ask for a lower one; 0 or
 *     more, in whole windows as well
 */
public record GuardianSettings(
        Duration window,
        Duration delay,
        Duration eventTimeout,
        Structure.Subtype subtype,
        Set<Resource> resources,
        Mode mode,
        Duration cooldownUp,
        Duration cooldownDown) {

    /** Refuses spans that are too short. */
    public GuardianSettings {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("the window is " + window + ", more than 0 is needed");
        }
        requireNotNegative("window's delay", delay);
        if (eventTimeout.isNegative() || eventTimeout.isZero()) {
            throw new IllegalArgumentException("the event timeout is " + eventTimeout + ", more than 0 is needed");
        }
        requireNotNegative("cooldown before going up", cooldownUp);
        requireNotNegative("cooldown before going down", cooldownDown);
        Objects.requireNonNull(subtype, "subtype");
        Objects.requireNonNull(mode, "mode");
        resources = Set.copyOf(resources);
    }

    private static void requireNotNegative(String what, Duration span) {
        if (span.isNegative()) {
            throw new IllegalArgumentException("the " + what + " is " + span + ", 0 or more is needed");
        }
    }

    /**
     * The stock values: 10-second windows that end 10 seconds ago, events that count for 100 seconds, containers, no
     * cooldown.
     */
    public static GuardianSettings stock() {
        return new GuardianSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(100),
                Structure.Subtype.CONTAINER,
                EnumSet.of(Resource.CPU, Resource.MEMORY),
                Mode.ENFORCE,
                Duration.ZERO,
                Duration.ZERO);
    }

    /** The same with another window that ends {@code delay} ago. */
    public GuardianSettings withWindow(Duration newWindow, Duration newDelay) {
        return new GuardianSettings(
                newWindow, newDelay, eventTimeout, subtype, resources, mode, cooldownUp, cooldownDown);
    }

    /** The same with another event timeout. */
    public GuardianSettings withEventTimeout(Duration timeout) {
        return new GuardianSettings(window, delay, timeout, subtype, resources, mode, cooldownUp, cooldownDown);
    }

    /** The same for other structures. */
    public GuardianSettings withSubtype(Structure.Subtype guarded) {
        return new GuardianSettings(window, delay, eventTimeout, guarded, resources, mode, cooldownUp, cooldownDown);
    }

    /** The same for other resources. */
    public GuardianSettings withResources(Set<Resource> guarded) {
        return new GuardianSettings(window, delay, eventTimeout, subtype, guarded, mode, cooldownUp, cooldownDown);
    }

    /** The same in another mode. */
    public GuardianSettings withMode(Mode newMode) {
        return new GuardianSettings(window, delay, eventTimeout, subtype, resources, newMode, cooldownUp, cooldownDown);
    }

    /** The same with other cooldowns: before a limit goes up again, and before it goes down again. */
    public GuardianSettings withCooldown(Duration up, Duration down) {
        return new GuardianSettings(window, delay, eventTimeout, subtype, resources, mode, up, down);
    }
}
