package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import java.util.ArrayList;
import java.util.List;

/** A rule that held for a fact, without the rule's name: two policies may name the same rule differently. */
record Firing(Object fact, Object result) {

    static Firing of(ResourceState state, EventRule rule) {
        return new Firing(state, List.of(rule.resource(), rule.scale()));
    }

    static Firing of(EventTally tally, RequestRule rule) {
        return new Firing(tally, List.of(rule.resource(), rule.rescale(), rule.eventsToRemove(), rule.priority()));
    }

    static List<Firing> events(ScalingPolicy policy, List<ResourceState> states) {
        var told = new ArrayList<Firing>();
        policy.detectEvents(states, new Firings<>() {
            @Override
            public void fired(ResourceState state, EventRule rule) {
                told.add(of(state, rule));
            }

            @Override
            public void failed(ResourceState state, String sentence) {
                throw new AssertionError(sentence);
            }
        });
        return told;
    }

    static List<Firing> requests(ScalingPolicy policy, List<EventTally> tallies) {
        var told = new ArrayList<Firing>();
        policy.decideRequests(tallies, new Firings<>() {
            @Override
            public void fired(EventTally tally, RequestRule rule) {
                told.add(of(tally, rule));
            }

            @Override
            public void failed(EventTally tally, String sentence) {
                throw new AssertionError(sentence);
            }
        });
        return told;
    }
}
