package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.policy.internal.logic.FactCondition;
import java.util.function.Predicate;
import org.drools.model.functions.IntrospectableLambda;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;

/** Makes constraints. */
public final class Constraints {
    private Constraints() {}

    /** A condition as a constraint: a comparison of numbers if it is one, else a test of which nothing more is known. */
    public static <F> Constraint<F> of(FactCondition<F> condition) {
        return condition.comparison().map(Constraints::of).orElseGet(() -> new FactTest<>(condition.test()));
    }

    /** A comparison of two numbers of a fact. */
    public static <F> Constraint<F> of(FactCondition.Comparison<F> comparison) {
        return NumberComparison.of(comparison);
    }

    /** A predicate of a compiled rule as a constraint. */
    @SuppressWarnings("unchecked") // What a wrapper wraps has its type.
    public static <F> Constraint<F> of(Predicate1<F> predicate) {
        Predicate1<F> bare =
                predicate instanceof IntrospectableLambda wrapper ? (Predicate1<F>) wrapper.getLambda() : predicate;
        return new FactTest<>(unchecked(bare));
    }

    /** A predicate of a compiled rule that also reads a global variable, as a constraint. */
    @SuppressWarnings("unchecked") // As above.
    public static <F> Constraint<F> of(Predicate2<F, Object> predicate, Object global) {
        Predicate2<F, Object> bare = predicate instanceof IntrospectableLambda wrapper
                ? (Predicate2<F, Object>) wrapper.getLambda()
                : predicate;
        return new FactTest<>(unchecked(fact -> bare.test(fact, global)));
    }

    private static <F> Predicate<F> unchecked(Predicate1<F> predicate) {
        return fact -> {
            try {
                return predicate.test(fact);
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException(failure.getMessage(), failure);
            }
        };
    }
}
