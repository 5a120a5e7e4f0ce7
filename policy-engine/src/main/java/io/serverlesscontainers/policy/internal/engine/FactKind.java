package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule.Generates;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What rules look at: resource states, or event tallies.
 *
 * @param type the class of the facts
 * @param generates what rules that look at them generate
 * @param variables what a rule may read from one
 * @param resource tells which resource one is about
 * @param <F> the facts
 */
public record FactKind<F>(
        Class<F> type, Generates generates, List<? extends Variable<F>> variables, Function<F, Resource> resource) {
    /** Resource states, which event rules look at. */
    public static final FactKind<ResourceState> STATES = new FactKind<>(
            ResourceState.class, Generates.EVENTS, List.of(StateVariable.values()), ResourceState::resource);
    /** Event tallies, which request rules look at. */
    public static final FactKind<EventTally> TALLIES =
            new FactKind<>(EventTally.class, Generates.REQUESTS, List.of(TallyVariable.values()), EventTally::resource);

    /** What the fact calls so, if it is among the variables. */
    public Optional<? extends Variable<F>> variable(String property) {
        return variables.stream()
                .filter(variable -> variable.property().equals(property))
                .findFirst();
    }

    /** What a rule document for the resource may read, by path. */
    public Map<String, ToDoubleFunction<F>> variablesOf(Resource resource) {
        var byPath = new LinkedHashMap<String, ToDoubleFunction<F>>();
        variables.forEach(variable -> byPath.put(variable.path(resource), variable));
        return byPath;
    }
}
