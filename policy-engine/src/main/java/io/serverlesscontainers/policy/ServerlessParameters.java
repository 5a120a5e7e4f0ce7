package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The numbers of the serverless policy, which the rules in {@code serverless.drl} read: how many events are enough to
 * move a limit, by how much, and which signals of the kernel count as a bottleneck. Immutable. A question about a
 * resource that is not among {@link #resources()} is answered with an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * ServerlessParameters calm = ServerlessParameters.builder()
 *         .toScaleUp(Resource.CPU, new EnoughEvents(4, 2))
 *         .amountUp(Resource.CPU, 50)
 *         .without(Resource.NET)
 *         .build();
 * }</pre>
 *
 * <p>The stock values:
 *
 * <table>
 *   <caption>Stock values by resource</caption>
 *   <tr><th></th><th>cpu, mem, net</th><th>disk_read, disk_write</th></tr>
 *   <tr><td>events to scale up</td><td>2, against at most 2 down</td><td>1, against at most 6 down</td></tr>
 *   <tr><td>events to scale down</td><td>8, against none up</td><td>6, against none up</td></tr>
 *   <tr><td>amount up</td><td>75 shares, 2048 MiB, 100 Mbit/s</td><td>450 MiB/s</td></tr>
 *   <tr><td>usage 0 is underuse</td><td>no</td><td>yes</td></tr>
 *   <tr><td>throttled is a bottleneck</td><td>cpu: from 0.5 on</td><td>never</td></tr>
 *   <tr><td>an OOM kill is a bottleneck</td><td>mem: yes</td><td>no</td></tr>
 * </table>
 *
 * <p>Throttled from 0.5 on means that in every second quota period, or more of them, the structure wanted more than
 * its limit: what it usually wants is above the limit, even where what it uses on average is not. Programs with many
 * threads are throttled now and then at any limit, so a smaller share would raise limits that are high enough. A source
 * that tells no {@linkplain io.serverlesscontainers.core.spi.Signals signals} brings forth no such bottleneck.
 */
public final class ServerlessParameters {
    private static final EnoughEvents TWO_UP = new EnoughEvents(2, 2);
    private static final EnoughEvents EIGHT_DOWN = new EnoughEvents(8, 0);
    private static final EnoughEvents ONE_UP = new EnoughEvents(1, 6);
    private static final EnoughEvents SIX_DOWN = new EnoughEvents(6, 0);
    private static final double EVERY_SECOND_PERIOD = 0.5;

    private final Map<Resource, OfResource> all;
    // The rules ask for every fact: an array answers faster than a map.
    private final OfResource[] byOrdinal = new OfResource[Resource.values().length];

    private ServerlessParameters(Map<Resource, OfResource> all) {
        this.all = Collections.unmodifiableMap(new EnumMap<>(all));
        all.forEach((resource, numbers) -> byOrdinal[resource.ordinal()] = numbers);
    }

    /** The stock values. */
    public static ServerlessParameters stock() {
        return builder().build();
    }

    /** A builder that starts with the stock values. */
    public static Builder builder() {
        return new Builder();
    }

    /** The resources that the policy scales. */
    public Set<Resource> resources() {
        return all.keySet();
    }

    /** By how much a limit grows, in the resource's unit. */
    public long amountUp(Resource resource) {
        return of(resource).scaleUp.rescale().amount();
    }

    /** How many events are enough to raise a limit. */
    public EnoughEvents toScaleUp(Resource resource) {
        return of(resource).toScaleUp;
    }

    /** How many events are enough to lower a limit. */
    public EnoughEvents toScaleDown(Resource resource) {
        return of(resource).toScaleDown;
    }

    /** Whether a usage of exactly 0 counts as underuse, and not as something that does not run. */
    public boolean zeroIsUnderuse(Resource resource) {
        return of(resource).zeroIsUnderuse;
    }

    /**
     * From which {@linkplain io.serverlesscontainers.core.spi.Signals#throttledRatio() throttled ratio} on, itself
     * included, a window counts as a bottleneck though usage is not above upper; more than 1 means never.
     */
    public double throttledIsBottleneck(Resource resource) {
        return of(resource).throttledIsBottleneck;
    }

    /** Whether a window with an OOM kill counts as a bottleneck though usage is not above upper. */
    public boolean oomIsBottleneck(Resource resource) {
        return of(resource).oomIsBottleneck;
    }

    /** What the rule "exceeded upper" brings forth. */
    public EventRule exceededUpper(Resource resource) {
        return of(resource).exceededUpper;
    }

    /** What the rule "dropped lower" brings forth. */
    public EventRule droppedLower(Resource resource) {
        return of(resource).droppedLower;
    }

    /** What the rule "signalled bottleneck" brings forth. */
    public EventRule signalledBottleneck(Resource resource) {
        return of(resource).signalledBottleneck;
    }

    /** What the rule "scale up by amount" brings forth; it consumes the events that it needed. */
    public RequestRule scaleUp(Resource resource) {
        return of(resource).scaleUp;
    }

    /** What the rule "scale down to fit usage" brings forth; it consumes the events that it needed. */
    public RequestRule scaleDown(Resource resource) {
        return of(resource).scaleDown;
    }

    private OfResource of(Resource resource) {
        OfResource numbers = byOrdinal[resource.ordinal()];
        if (numbers == null) {
            throw new IllegalArgumentException(
                    resource + " is not scaled by these parameters, one of " + all.keySet() + " is needed");
        }
        return numbers;
    }

    /** Numbers of one resource, and the results of the rules made of them once instead of for each fact. */
    private static final class OfResource {
        private final EnoughEvents toScaleUp;
        private final EnoughEvents toScaleDown;
        private final boolean zeroIsUnderuse;
        private final double throttledIsBottleneck;
        private final boolean oomIsBottleneck;
        private final EventRule exceededUpper;
        private final EventRule droppedLower;
        private final EventRule signalledBottleneck;
        private final RequestRule scaleUp;
        private final RequestRule scaleDown;

        OfResource(Builder builder, Resource resource) {
            toScaleUp = builder.toScaleUp.get(resource);
            toScaleDown = builder.toScaleDown.get(resource);
            zeroIsUnderuse = builder.zeroIsUnderuse.contains(resource);
            throttledIsBottleneck = builder.throttledIsBottleneck.getOrDefault(resource, Double.POSITIVE_INFINITY);
            oomIsBottleneck = builder.oomIsBottleneck.contains(resource);
            exceededUpper = new EventRule("exceeded upper", resource, ScaleEvents.UP);
            droppedLower = new EventRule("dropped lower", resource, ScaleEvents.DOWN);
            signalledBottleneck = new EventRule("signalled bottleneck", resource, ScaleEvents.UP);
            scaleUp = new RequestRule(
                    "scale up by amount",
                    resource,
                    Rescale.byAmount(builder.amountUp.get(resource)),
                    toScaleUp.needed(),
                    0);
            scaleDown =
                    new RequestRule("scale down to fit usage", resource, Rescale.fitToUsage(), toScaleDown.needed(), 0);
        }
    }

    /** Changes single numbers of the stock values; for one thread. */
    public static final class Builder {
        private final Map<Resource, Long> amountUp = new EnumMap<>(Resource.class);
        private final Map<Resource, EnoughEvents> toScaleUp = new EnumMap<>(Resource.class);
        private final Map<Resource, EnoughEvents> toScaleDown = new EnumMap<>(Resource.class);
        private final Set<Resource> zeroIsUnderuse = EnumSet.of(Resource.DISK_READ, Resource.DISK_WRITE);
        private final Map<Resource, Double> throttledIsBottleneck = new EnumMap<>(Resource.class);
        private final Set<Resource> oomIsBottleneck = EnumSet.of(Resource.MEMORY);

        private Builder() {
            for (Resource resource : Resource.values()) {
                boolean disk = zeroIsUnderuse.contains(resource);
                toScaleUp.put(resource, disk ? ONE_UP : TWO_UP);
                toScaleDown.put(resource, disk ? SIX_DOWN : EIGHT_DOWN);
            }
            throttledIsBottleneck.put(Resource.CPU, EVERY_SECOND_PERIOD);
            amountUp.put(Resource.CPU, 75L);
            amountUp.put(Resource.MEMORY, 2048L);
            amountUp.put(Resource.DISK_READ, 450L);
            amountUp.put(Resource.DISK_WRITE, 450L);
            amountUp.put(Resource.NET, 100L);
        }

        /**
         * By how much the limit grows, in the resource's unit. Energy, which has no stock amount, is scaled only if it
         * is given one.
         *
         * @throws IllegalArgumentException if the amount is below 1
         */
        public Builder amountUp(Resource resource, long amount) {
            if (amount < 1) {
                throw new IllegalArgumentException(
                        resource + " amount up is " + amount + " " + resource.unit() + ", 1 or more is needed");
            }
            amountUp.put(resource, amount);
            return this;
        }

        /** How many events are enough to raise the limit; the rule consumes as many as it needed. */
        public Builder toScaleUp(Resource resource, EnoughEvents events) {
            toScaleUp.put(resource, Objects.requireNonNull(events, "events"));
            return this;
        }

        /** How many events are enough to lower the limit; the rule consumes as many as it needed. */
        public Builder toScaleDown(Resource resource, EnoughEvents events) {
            toScaleDown.put(resource, Objects.requireNonNull(events, "events"));
            return this;
        }

        /** Whether a usage of exactly 0 counts as underuse. */
        public Builder zeroIsUnderuse(Resource resource, boolean underuse) {
            if (underuse) {
                zeroIsUnderuse.add(resource);
            } else {
                zeroIsUnderuse.remove(resource);
            }
            return this;
        }

        /**
         * From which share of throttled quota periods on, itself included, a window counts as a bottleneck though usage
         * is not above upper; a number above 1 is never reached, and switches it off.
         *
         * @throws IllegalArgumentException unless the ratio is above 0
         */
        public Builder throttledIsBottleneck(Resource resource, double ratio) {
            if (!(ratio > 0)) {
                throw new IllegalArgumentException(
                        resource + " throttled ratio that is a bottleneck is " + ratio + ", more than 0 is needed");
            }
            throttledIsBottleneck.put(resource, ratio);
            return this;
        }

        /** Whether a window with an OOM kill counts as a bottleneck though usage is not above upper. */
        public Builder oomIsBottleneck(Resource resource, boolean bottleneck) {
            if (bottleneck) {
                oomIsBottleneck.add(resource);
            } else {
                oomIsBottleneck.remove(resource);
            }
            return this;
        }

        /** Leaves the resource alone. */
        public Builder without(Resource resource) {
            amountUp.remove(resource);
            return this;
        }

        /** The parameters; the builder can be used further. */
        public ServerlessParameters build() {
            var all = new EnumMap<Resource, OfResource>(Resource.class);
            amountUp.keySet().forEach(resource -> all.put(resource, new OfResource(this, resource)));
            return new ServerlessParameters(all);
        }
    }
}
