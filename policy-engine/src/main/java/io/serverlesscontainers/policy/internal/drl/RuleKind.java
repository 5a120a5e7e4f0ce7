package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import java.util.function.Function;

/**
 * Which facts rules look at, and what they tell of them.
 *
 * @param fact the class of the facts
 * @param rule the class of what is told
 * @param factResource the resource that a fact is about
 * @param ruleResource the resource that what is told is about
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public record RuleKind<F, R>(
        Class<F> fact, Class<R> rule, Function<F, Resource> factResource, Function<R, Resource> ruleResource) {
    /** Rules that look at states and tell of events. */
    public static final RuleKind<ResourceState, EventRule> EVENTS =
            new RuleKind<>(ResourceState.class, EventRule.class, ResourceState::resource, EventRule::resource);
    /** Rules that look at tallies and tell of requests. */
    public static final RuleKind<EventTally, RequestRule> REQUESTS =
            new RuleKind<>(EventTally.class, RequestRule.class, EventTally::resource, RequestRule::resource);

    /** The resource that a fact is about. */
    public Resource resourceOf(F each) {
        return factResource.apply(each);
    }
}
