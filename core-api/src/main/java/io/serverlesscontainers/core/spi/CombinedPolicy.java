package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Two policies as one.
 *
 * @param first asked first
 * @param second asked next
 */
record CombinedPolicy(ScalingPolicy first, ScalingPolicy second) implements ScalingPolicy {
    CombinedPolicy {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
    }

    @Override
    public Set<Resource> resources() {
        // Asked each time: a policy may change its mind when its rules are read again.
        var both = EnumSet.noneOf(Resource.class);
        both.addAll(first.resources());
        both.addAll(second.resources());
        return Collections.unmodifiableSet(both);
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        first.detectEvents(states, firings);
        second.detectEvents(states, firings);
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        first.decideRequests(tallies, firings);
        second.decideRequests(tallies, firings);
    }

    @Override
    public void close() {
        try {
            first.close();
        } finally {
            second.close();
        }
    }
}
