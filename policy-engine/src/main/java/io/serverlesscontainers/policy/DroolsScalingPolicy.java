package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A scaling policy whose rules are evaluated by Drools: the serverless policy, or rule documents.
 *
 * <p>A policy does not change; one with other numbers or other documents is a new policy. Making one costs a few
 * milliseconds. It may go from thread to thread, but is used by one at a time; two policies have nothing in common.
 * What the receiver of firings throws reaches the caller, and ends the call.
 */
public final class DroolsScalingPolicy implements ScalingPolicy {
    private final RuleEngine engine;
    private final Set<Resource> resources;

    private DroolsScalingPolicy(RuleEngine engine, Set<Resource> resources) {
        this.engine = engine;
        this.resources = resources;
    }

    /** The serverless policy of {@code serverless.drl} with its stock numbers. */
    public static DroolsScalingPolicy serverless() {
        return serverless(ServerlessParameters.stock());
    }

    /** The serverless policy of {@code serverless.drl} with other numbers. */
    public static DroolsScalingPolicy serverless(ServerlessParameters parameters) {
        return new DroolsScalingPolicy(
                new RuleEngine(CompiledRules.load(), Map.of("parameters", parameters)), parameters.resources());
    }

    /**
     * The rules of some documents, as far as they are active. A rule looks at states or event sums of its own resource.
     * What a document says is data: no part of it ever becomes code.
     *
     * @param rules the documents; of two with the same name the first counts
     * @param problems is told of each document that cannot be used: one sentence that names the rule and the field. The
     *     others go on without it
     */
    public static DroolsScalingPolicy ofDocuments(List<Rule> rules, Consumer<Problem> problems) {
        RuleDocuments documents = RuleDocuments.read(rules, problems);
        return new DroolsScalingPolicy(new RuleEngine(List.of(documents.model()), Map.of()), documents.resources());
    }

    @Override
    public Set<Resource> resources() {
        return resources;
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        engine.run(states, state -> resources.contains(state.resource()), firings);
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        engine.run(tallies, tally -> resources.contains(tally.resource()), firings);
    }
}
