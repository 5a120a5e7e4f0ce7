package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Set;

/** A policy that is asked about each fact by itself, as a program would that handles one container after the other. */
final class FactByFactPolicy implements ScalingPolicy {
    private final ScalingPolicy policy;

    FactByFactPolicy(ScalingPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Set<Resource> resources() {
        return policy.resources();
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        for (ResourceState state : states) {
            policy.detectEvents(List.of(state), firings);
        }
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        for (EventTally tally : tallies) {
            policy.decideRequests(List.of(tally), firings);
        }
    }

    @Override
    public void close() {
        policy.close();
    }
}
