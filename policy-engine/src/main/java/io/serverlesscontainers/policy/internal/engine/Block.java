package io.serverlesscontainers.policy.internal.engine;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Some facts of one resource, and their numbers column by column. One block is loaded, evaluated and loaded again, so that
 * its columns stay in the processor's cache however many facts there are.
 *
 * @param <F> the facts
 */
public abstract class Block<F> {
    /** How many facts fit in. */
    static final int ROWS = 2_048;

    private final boolean[] failed = new boolean[ROWS];
    private final Object[] facts = new Object[ROWS];
    private List<F> window = List.of();
    private int[] places = {};
    private boolean hasFacts;
    private int size;
    private boolean anyFailed;

    /** Only the kinds of facts make blocks. */
    Block() {}

    /** Loads the facts at some places of a window. */
    final void load(List<F> all, int[] at, int count) {
        window = all;
        places = at;
        size = count;
        hasFacts = false;
        if (anyFailed) {
            Arrays.fill(failed, false);
            anyFailed = false;
        }
        read();
    }

    final int size() {
        return size;
    }

    /** Where in the window the fact of a row is. */
    final int place(int row) {
        return places[row];
    }

    /** All facts, for one who looks at each of them. */
    final Object[] facts() {
        if (!hasFacts) {
            for (int row = 0; row < size; row++) {
                facts[row] = fact(row);
            }
            hasFacts = true;
        }
        return facts;
    }

    final F fact(int row) {
        return window.get(places[row]);
    }

    /** Notes that a constraint could not be evaluated for a row. */
    final void fail(int row) {
        failed[row] = true;
        anyFailed = true;
    }

    final boolean hasFailed(int row) {
        return failed[row];
    }

    /** Whether any row has. */
    final boolean hasFailed() {
        return anyFailed;
    }

    /** Lets go of all facts. */
    final void clear() {
        load(List.of(), places, 0);
        Arrays.fill(facts, null);
    }

    /** Reads the numbers of the facts into the columns. */
    abstract void read();

    /** The column of a number, by how it is read from a fact; null if it has none. */
    abstract double[] column(ToDoubleFunction<F> number);
}
