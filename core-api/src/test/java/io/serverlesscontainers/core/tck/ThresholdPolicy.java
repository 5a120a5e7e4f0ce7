package io.serverlesscontainers.core.tck;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Rescale;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.ScaleEvents;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The stock policy (design, section 4) in straight Java: the smallest implementation to test everything around a policy
 * with, and a second opinion on every other one.
 *
 * <ul>
 *   <li>usage &gt; upper, upper &lt; max and current &lt; max: one event up;
 *   <li>usage &gt; 0 (disk: ≥ 0), usage &lt; lower and lower &gt; min: one event down;
 *   <li>up ≥ 2 and down ≤ 2: scale up, which consumes 2 events;
 *   <li>down ≥ 8 and up = 0: fit to usage, which consumes 8 events.
 * </ul>
 *
 * <p>Rules carry the names that they have in the stock documents. Immutable; every {@code with} method gives another
 * policy.
 */
public final class ThresholdPolicy implements ScalingPolicy {
    private static final int STOCK_UP = 2;
    private static final int STOCK_DOWN_TOLERATED = 2;
    private static final int STOCK_DOWN = 8;

    private final Map<Resource, Rescale> increases;
    private final int up;
    private final int downTolerated;
    private final int down;

    /** The stock rules of CPU (+75 shares) and memory (+2048 MiB). */
    public ThresholdPolicy() {
        this(
                Map.of(Resource.CPU, Rescale.byAmount(75), Resource.MEMORY, Rescale.byAmount(2048)),
                STOCK_UP,
                STOCK_DOWN_TOLERATED,
                STOCK_DOWN);
    }

    private ThresholdPolicy(Map<Resource, Rescale> increases, int up, int downTolerated, int down) {
        this.increases = Collections.unmodifiableMap(new EnumMap<>(increases));
        this.up = up;
        this.downTolerated = downTolerated;
        this.down = down;
    }

    /** Scales a resource up by another amount, in its unit; a resource that had no rules gets all four. */
    public ThresholdPolicy withAmount(Resource resource, long amount) {
        return withIncrease(resource, Rescale.byAmount(amount));
    }

    /** Scales a resource up in another way; a resource that had no rules gets all four. */
    public ThresholdPolicy withIncrease(Resource resource, Rescale increase) {
        var changed = new EnumMap<>(increases);
        changed.put(resource, increase);
        return new ThresholdPolicy(changed, up, downTolerated, down);
    }

    /** Needs, and consumes, another number of events in each direction. */
    public ThresholdPolicy withEvents(int upNeeded, int downNeeded) {
        return new ThresholdPolicy(increases, upNeeded, downTolerated, downNeeded);
    }

    /** Scales up in the face of at most so many events down. */
    public ThresholdPolicy withDownTolerated(int most) {
        return new ThresholdPolicy(increases, up, most, down);
    }

    @Override
    public Set<Resource> resources() {
        return increases.keySet();
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        for (ResourceState state : states) {
            Resource resource = state.resource();
            if (!increases.containsKey(resource)) {
                continue;
            }
            if (state.usage() > state.upper() && state.upper() < state.max() && state.current() < state.max()) {
                firings.fired(state, new EventRule(resource + "_exceeded_upper", resource, ScaleEvents.UP));
            }
            if (isInUse(state) && state.usage() < state.lower() && state.lower() > state.min()) {
                firings.fired(state, new EventRule(resource + "_dropped_lower", resource, ScaleEvents.DOWN));
            }
        }
    }

    private static boolean isInUse(ResourceState state) {
        boolean mayIdle = state.resource() == Resource.DISK_READ || state.resource() == Resource.DISK_WRITE;
        return mayIdle ? state.usage() >= 0 : state.usage() > 0;
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        for (EventTally tally : tallies) {
            Resource resource = tally.resource();
            Rescale increase = increases.get(resource);
            if (increase == null) {
                continue;
            }
            if (tally.up() >= up && tally.down() <= downTolerated) {
                firings.fired(tally, new RequestRule(resource.titleCase() + "RescaleUp", resource, increase, up, 0));
            }
            if (tally.down() >= down && tally.up() == 0) {
                firings.fired(
                        tally,
                        new RequestRule(resource.titleCase() + "RescaleDown", resource, Rescale.fitToUsage(), down, 0));
            }
        }
    }
}
