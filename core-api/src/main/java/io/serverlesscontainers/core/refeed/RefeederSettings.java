package io.serverlesscontainers.core.refeed;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * How a {@link Refeeder} works. Immutable; the {@code with…} methods change one setting.
 *
 * @param window the span over which usage is averaged ({@code WINDOW_TIMELAPSE}), and so the Refeeder's period; more
 *     than 0
 * @param delay how long ago the window ends ({@code WINDOW_DELAY}): as long as samples take to arrive; 0 or more
 * @param structures whose usage is summed up ({@code STRUCTURES_REFEEDED}): applications, users or both
 * @param resources the resources that are summed up ({@code GENERATED_METRICS})
 * @param stamp which time the sums get
 */
public record RefeederSettings(
        Duration window, Duration delay, Set<Structure.Subtype> structures, Set<Resource> resources, Stamp stamp) {

    /** The time that a sum gets. */
    public enum Stamp {
        /**
         * The end of the window. It is when the usage was, so that an application's series lies over those of its
         * containers. A reader must wait for it: at his time {@code now} the newest sum is between {@code delay} and
         * {@code delay + window} old, so his own window of at least the same length has one in it only if his own delay
         * is {@code delay + window} or more.
         */
        END_OF_WINDOW,
        /**
         * The time when it was written. The usage seems to be {@code delay} later than it was; a reader with any delay of
         * {@code window} or more finds one in his window, as a Guardian of applications with the stock values of both
         * does.
         */
        NOW
    }

    /** Refuses spans that are too short, and structures whose usage is no sum. */
    public RefeederSettings {
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("the window is " + window + ", more than 0 is needed");
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("the window's delay is " + delay + ", 0 or more is needed");
        }
        Objects.requireNonNull(stamp, "stamp");
        for (Structure.Subtype subtype : structures) {
            if (subtype != Structure.Subtype.APPLICATION && subtype != Structure.Subtype.USER) {
                throw new IllegalArgumentException("usage is to be summed up for a " + subtype.wireName()
                        + ", that is possible for an application or a user");
            }
        }
        structures = structures.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(structures));
        resources = resources.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(resources));
    }

    /** The stock values: 10-second windows that end 20 seconds ago, CPU and memory of applications, stamped now. */
    public static RefeederSettings stock() {
        return new RefeederSettings(
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                EnumSet.of(Structure.Subtype.APPLICATION),
                EnumSet.of(Resource.CPU, Resource.MEMORY),
                Stamp.NOW);
    }

    /** The same with another window that ends {@code newDelay} ago. */
    public RefeederSettings withWindow(Duration newWindow, Duration newDelay) {
        return new RefeederSettings(newWindow, newDelay, structures, resources, stamp);
    }

    /** The same for other structures. */
    public RefeederSettings withStructures(Set<Structure.Subtype> summedUp) {
        return new RefeederSettings(window, delay, summedUp, resources, stamp);
    }

    /** The same for other resources. */
    public RefeederSettings withResources(Set<Resource> summedUp) {
        return new RefeederSettings(window, delay, structures, summedUp, stamp);
    }

    /** The same with another time of the sums. */
    public RefeederSettings withStamp(Stamp newStamp) {
        return new RefeederSettings(window, delay, structures, resources, newStamp);
    }
}
