package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Whole windows of facts with sound chains. */
final class Windows {
    private static final Resource[] RESOURCES = Resource.values();

    private Windows() {}

    static List<ResourceState> states(int size, Random random) {
        return IntStream.range(0, size)
                .mapToObj(i -> state(
                        "c" + i,
                        RESOURCES[random.nextInt(RESOURCES.length)],
                        random.nextInt(4) == 0 ? 0 : random.nextInt(400),
                        50 + random.nextInt(350)))
                .toList();
    }

    static List<EventTally> tallies(List<ResourceState> states, Random random) {
        return states.stream()
                .map(state -> new EventTally(state, random.nextInt(4), random.nextInt(12)))
                .toList();
    }

    /** Used more than upper, with room above. */
    static ResourceState bottleneck(String structure, Resource resource) {
        return state(structure, resource, 95, 100);
    }

    private static ResourceState state(String structure, Resource resource, double usage, long current) {
        return new ResourceState(structure, resource, usage, 400, 20, current, current - 10, current - 20, 10, 10);
    }
}
