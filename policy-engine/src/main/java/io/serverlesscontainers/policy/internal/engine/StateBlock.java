package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.core.spi.ResourceState;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A block of resource states. What most rules read is read in one go: a state is fetched from memory once. */
final class StateBlock extends Block<ResourceState> {
    private final double[] usage = new double[ROWS];
    private final double[] current = new double[ROWS];
    private final double[] max = new double[ROWS];
    private final double[] min = new double[ROWS];
    private final double[] upper = new double[ROWS];
    private final double[] lower = new double[ROWS];
    private final double[] boundary = new double[ROWS];

    /** See {@link FactKind.Sorter}. */
    static void sort(List<ResourceState> window, int from, int to, int[][] places, int[] counts) {
        for (int place = from; place < to; place++) {
            int resource = window.get(place).resource().ordinal();
            places[resource][counts[resource]++] = place;
        }
    }

    @Override
    void read() {
        for (int row = 0; row < size(); row++) {
            ResourceState state = fact(row);
            usage[row] = state.usage();
            current[row] = state.current();
            max[row] = state.max();
            min[row] = state.min();
            upper[row] = state.upper();
            lower[row] = state.lower();
            boundary[row] = state.boundary();
        }
    }

    @Override
    double[] column(ToDoubleFunction<ResourceState> number) {
        if (!(number instanceof StateVariable variable)) {
            return null;
        }
        return switch (variable) {
            case USAGE -> usage;
            case CURRENT -> current;
            case MAX -> max;
            case MIN -> min;
            case UPPER -> upper;
            case LOWER -> lower;
            case BOUNDARY -> boundary;
            // Few rules ask for them: they are read where one does.
            case THROTTLED, PRESSURE_SOME, PRESSURE_FULL, OOM_KILLS, LIMIT_HITS -> null;
        };
    }
}
