package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The facts of one window, the same at every run: the five stock resources in turn, one usage in ten above upper, one in
 * ten below lower, all others between. Those beyond a threshold, and no others, have live events.
 */
final class SyntheticWindow {
    private static final Resource[] RESOURCES = {
        Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE, Resource.NET
    };
    private static final long SEED = 20_261_122;
    private static final long MARGIN = 25;

    private SyntheticWindow() {}

    static List<ResourceState> states(int count) {
        var random = new Random(SEED);
        var states = new ArrayList<ResourceState>(count);
        for (int i = 0; i < count; i++) {
            long current = 150 + random.nextInt(200);
            long upper = current - MARGIN;
            long lower = upper - MARGIN;
            double usage = switch (i / RESOURCES.length % 10) {
                case 0 -> upper + 1 + random.nextInt((int) MARGIN);
                case 5 -> 1 + random.nextInt((int) lower - 1);
                default -> lower + random.nextDouble() * MARGIN;
            };
            states.add(new ResourceState(
                    "c" + i / RESOURCES.length,
                    RESOURCES[i % RESOURCES.length],
                    usage,
                    400,
                    20,
                    current,
                    upper,
                    lower,
                    MARGIN,
                    MARGIN));
        }
        return states;
    }

    static List<EventTally> tallies(List<ResourceState> states) {
        var random = new Random(SEED);
        var tallies = new ArrayList<EventTally>();
        for (ResourceState state : states) {
            if (state.usage() > state.upper()) {
                tallies.add(new EventTally(state, 1 + random.nextInt(3), random.nextInt(4)));
            } else if (state.usage() < state.lower()) {
                tallies.add(new EventTally(state, random.nextInt(2), 1 + random.nextInt(10)));
            }
        }
        return tallies;
    }
}
