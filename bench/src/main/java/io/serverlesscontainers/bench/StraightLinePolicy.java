package io.serverlesscontainers.bench;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.EnoughEvents;
import io.serverlesscontainers.policy.ServerlessParameters;
import io.serverlesscontainers.store.document.Resource;
import java.util.List;
import java.util.Set;

/** The serverless policy as a plain Java loop: what the rule engines are measured against. */
final class StraightLinePolicy implements ScalingPolicy {
    private final ServerlessParameters parameters = ServerlessParameters.stock();

    @Override
    public Set<Resource> resources() {
        return parameters.resources();
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        for (ResourceState state : states) {
            Resource resource = state.resource();
            if (state.usage() > state.upper() && state.upper() < state.max() && state.current() < state.max()) {
                firings.fired(state, parameters.exceededUpper(resource));
            }
            if ((state.usage() > 0 || parameters.zeroIsUnderuse(resource))
                    && state.usage() < state.lower()
                    && state.lower() > state.min()) {
                firings.fired(state, parameters.droppedLower(resource));
            }
        }
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        for (EventTally tally : tallies) {
            EnoughEvents up = parameters.toScaleUp(tally.resource());
            if (tally.up() >= up.needed() && tally.down() <= up.opposingTolerated()) {
                firings.fired(tally, parameters.scaleUp(tally.resource()));
            }
            EnoughEvents down = parameters.toScaleDown(tally.resource());
            if (tally.down() >= down.needed() && tally.up() <= down.opposingTolerated()) {
                firings.fired(tally, parameters.scaleDown(tally.resource()));
            }
        }
    }
}
