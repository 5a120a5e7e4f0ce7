package io.serverlesscontainers.examples.quickstart.plot;

import java.util.ArrayList;
import java.util.List;

/**
 * Maps values to pixels, one axis.
 *
 * @param from value at the start of the axis
 * @param to value at its end
 * @param fromPixel where the axis starts
 * @param toPixel where it ends
 */
record Scale(double from, double to, double fromPixel, double toPixel) {
    /** A scale of some length, also where there is only one value to show. */
    Scale {
        if (!(to > from)) {
            to = from + 1;
        }
    }

    double pixel(double value) {
        return fromPixel + (value - from) / (to - from) * (toPixel - fromPixel);
    }

    /** Round values from the start to the end of the axis, about as many as asked for: steps of 1, 2 or 5 × 10ⁿ. */
    List<Double> ticks(int about) {
        double rough = (to - from) / about;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = 10 * power;
        for (int factor : new int[] {5, 2, 1}) {
            if (rough <= factor * power * 1.0001) {
                step = factor * power;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (double tick = Math.ceil(from / step) * step; tick <= to + step * 1e-6; tick += step) {
            ticks.add(tick);
        }
        return ticks;
    }
}
