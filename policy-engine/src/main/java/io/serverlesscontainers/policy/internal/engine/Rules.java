package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import java.util.List;
import java.util.Optional;

/**
 * Some rules in the rule engine: how to run them, and, if that can be told, what they ask of a fact. For one thread at a
 * time, but for {@link #explain}.
 *
 * @param <F> the facts
 * @param <R> what is told of a rule that holds
 */
public interface Rules<F, R> {
    /** What they look at. */
    FactKind<F> kind();

    /** How many there are. */
    int count();

    /**
     * Everything that any of the rules asks of a fact; empty if that is not known. It is known only of rules each of
     * which looks at one fact alone and does nothing but tell that it holds: facts of one resource for which the same
     * constraints hold then get the same answer.
     */
    Optional<List<Constraint<F>>> constraints();

    /**
     * Whether each rule holds for a fact of its resource, and why; empty if that cannot be told. Any thread may ask at any
     * time.
     */
    List<RuleExplanation> explain(F fact);

    /** Called before the facts of each window. */
    default void prepare() {}

    /** Runs the rules once over some facts, in a session of their own. */
    void run(List<F> facts, Firings<F, R> firings);
}
