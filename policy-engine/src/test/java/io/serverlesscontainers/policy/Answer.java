package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import java.util.ArrayList;
import java.util.List;

/** What a policy says of one window, in words: rules that fired, as "rule: structure resource", and failures. */
record Answer(List<String> fired, List<String> failed) {

    static Answer events(ScalingPolicy policy, List<ResourceState> states) {
        var answer = new Answer(new ArrayList<>(), new ArrayList<>());
        policy.detectEvents(states, new Firings<>() {
            @Override
            public void fired(ResourceState state, EventRule rule) {
                answer.fired.add(rule.name() + ": " + words(state));
            }

            @Override
            public void failed(ResourceState state, String sentence) {
                answer.failed.add(words(state) + ": " + sentence);
            }
        });
        return answer;
    }

    static Answer requests(ScalingPolicy policy, List<EventTally> tallies) {
        var answer = new Answer(new ArrayList<>(), new ArrayList<>());
        policy.decideRequests(tallies, new Firings<>() {
            @Override
            public void fired(EventTally tally, RequestRule rule) {
                answer.fired.add(rule.name() + ": " + words(tally.state()));
            }

            @Override
            public void failed(EventTally tally, String sentence) {
                answer.failed.add(words(tally.state()) + ": " + sentence);
            }
        });
        return answer;
    }

    private static String words(ResourceState state) {
        return state.structure() + " " + state.resource();
    }
}
