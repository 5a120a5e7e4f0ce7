package io.serverlesscontainers.policy;

import io.serverlesscontainers.policy.internal.check.Condition;
import io.serverlesscontainers.policy.internal.engine.FactKind;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Rule.Generates;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;

/**
 * A rule that its reader has accepted, with its condition as the check sees it.
 *
 * @param document the rule
 * @param resource its resource
 * @param generates what it brings forth
 * @param condition its condition
 */
record CheckedRule(Rule document, Resource resource, Generates generates, Condition condition) {

    static CheckedRule of(Rule document) {
        Resource resource = document.resource().orElseThrow();
        Generates generates = document.generates().orElseThrow();
        Set<String> variables = generates == Generates.EVENTS
                ? FactKind.STATES.variablesOf(resource).keySet()
                : FactKind.TALLIES.variablesOf(resource).keySet();
        return new CheckedRule(
                document, resource, generates, Condition.of(document.condition().orElseThrow(), variables));
    }

    String name() {
        return document.name();
    }

    /** Which way it pushes: what its events count, or where its requests move the limit. */
    Set<Direction> directions() {
        if (generates == Generates.REQUESTS) {
            return EnumSet.of(document.rescale().direction());
        }
        var directions = EnumSet.noneOf(Direction.class);
        for (Direction direction : Direction.values()) {
            if (eventsTowards(direction).signum() > 0) {
                directions.add(direction);
            }
        }
        return directions;
    }

    /** How many events of a direction it adds each time that it fires; only of a rule that generates events. */
    BigDecimal eventsTowards(Direction direction) {
        return BigDecimal.valueOf(
                direction == Direction.UP
                        ? document.scaleEvents().up()
                        : document.scaleEvents().down());
    }
}
