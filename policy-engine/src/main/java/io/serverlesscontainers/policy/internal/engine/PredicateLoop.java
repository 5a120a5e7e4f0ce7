package io.serverlesscontainers.policy.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import org.drools.model.functions.Predicate1;
import org.drools.model.functions.Predicate2;

/**
 * A constraint that is a predicate of a compiled rule, with a loop of its own: each one is made from another copy of this
 * class, as a hidden class. The JVM compiles a loop for what it has seen the loop call, so that a loop that is shared by
 * many predicates calls each through a table, and one that has only ever seen a single predicate has that one's code
 * inside. With {@code serverless.drl} a window then took about a third of the time. A copy is unloaded with the constraint.
 *
 * @param <F> the fact
 */
public final class PredicateLoop<F> implements Constraint<F> {
    private final Predicate1<F> ofFact;
    private final Predicate2<F, Object> ofBoth;
    private final Object global;

    /** For the copies, which are classes of their own to the access rules. */
    public PredicateLoop(Predicate1<F> ofFact, Predicate2<F, Object> ofBoth, Object global) {
        this.ofFact = ofFact;
        this.ofBoth = ofBoth;
        this.global = global;
    }

    /** Such a constraint, from a copy of the class; one of the predicates is null. */
    @SuppressWarnings("unchecked") // A copy of this class, by another name.
    static <F> Constraint<F> copied(Predicate1<F> ofFact, Predicate2<F, Object> ofBoth, Object global) {
        try {
            Class<?> copy =
                    MethodHandles.lookup().defineHiddenClass(template(), true).lookupClass();
            return (Constraint<F>) copy.getConstructors()[0].newInstance(ofFact, ofBoth, global);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("PredicateLoop cannot be copied", e);
        }
    }

    private static byte[] template() {
        try (InputStream file = PredicateLoop.class.getResourceAsStream("PredicateLoop.class")) {
            if (file == null) {
                throw new IllegalStateException("the jar has no PredicateLoop.class");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("PredicateLoop.class cannot be read", e);
        }
    }

    @Override
    public boolean holds(F fact) {
        try {
            return ofBoth == null ? ofFact.test(fact) : ofBoth.test(fact, global);
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure.getMessage(), failure);
        }
    }

    @Override
    public void mark(Block<F> block, long[] signatures, long bit) {
        Object[] facts = block.facts();
        int row = 0;
        while (row < block.size()) {
            try {
                for (; row < block.size(); row++) {
                    signatures[row] |= holds(fact(facts[row])) ? bit : 0;
                }
            } catch (RuntimeException noValue) {
                // Whoever asks the rules about this fact is told why.
                block.fail(row++);
            }
        }
    }

    @SuppressWarnings("unchecked") // A block holds nothing else.
    private F fact(Object of) {
        return (F) of;
    }
}
