package io.serverlesscontainers.opentsdb;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The means of an answer, of the structures and metrics that were asked for. For one answer and thread. */
final class Means {
    /** Of one metric and structure; NaN if there is none. */
    record Mean(String metric, String structure, double value) {}

    private final Map<String, double[]> byMetric = new HashMap<>();
    private final Map<String, Integer> index;

    Means(List<String> structures, List<String> metrics) {
        index = new HashMap<>(structures.size() * 2);
        for (String structure : structures) {
            index.putIfAbsent(structure, index.size());
        }
        for (String metric : metrics) {
            double[] means = new double[index.size()];
            Arrays.fill(means, Double.NaN);
            byMetric.put(metric, means);
        }
    }

    /** Passes over what was not asked for. */
    void take(Mean mean) {
        Integer at = index.get(mean.structure());
        double[] means = byMetric.get(mean.metric());
        if (at != null && means != null) {
            means[at] = mean.value();
        }
    }

    /** NaN if there is none. */
    double of(String metric, String structure) {
        double[] means = byMetric.get(metric);
        return means == null ? Double.NaN : means[index.get(structure)];
    }
}
