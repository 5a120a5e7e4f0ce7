package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.EventTally;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A block of event tallies. */
final class TallyBlock extends Block<EventTally> {
    private final double[] up = new double[ROWS];
    private final double[] down = new double[ROWS];

    /** See {@link FactKind.Sorter}. */
    static void sort(List<EventTally> window, int from, int to, int[][] places, int[] counts) {
        for (int place = from; place < to; place++) {
            int resource = window.get(place).resource().ordinal();
            places[resource][counts[resource]++] = place;
        }
    }

    @Override
    void read() {
        for (int row = 0; row < size(); row++) {
            EventTally tally = fact(row);
            up[row] = tally.up();
            down[row] = tally.down();
        }
    }

    @Override
    double[] column(ToDoubleFunction<EventTally> number) {
        if (!(number instanceof TallyVariable variable)) {
            return null;
        }
        return variable == TallyVariable.UP ? up : down;
    }
}
