package io.serverlesscontainers.opentsdb;

import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.util.Collection;

/**
 * Makes usages of means. A resource of several metrics has a usage only where each of them has a sample: half of a sum
 * would look like a structure that is idle, and cost it its limit. That some have and others have not is one problem for
 * each resource, which names the first structure only, so that it reads the same while it lasts.
 */
final class UsageSums {
    private final UsageMapping mapping;
    private final UsageQuery query;
    private final Means means;
    private final Usages.Builder usages;
    private final boolean isComplete;
    private boolean some;

    /** @param isComplete whether the server was asked for all means, and one that is missing is not there */
    UsageSums(UsageMapping mapping, UsageQuery query, Means means, Usages.Builder usages, boolean isComplete) {
        this.mapping = mapping;
        this.query = query;
        this.means = means;
        this.usages = usages;
        this.isComplete = isComplete;
    }

    /** Adds what there is; false if there is nothing. */
    boolean add(Collection<String> structures) {
        for (Resource resource : Resource.values()) {
            if (query.resources().contains(resource)) {
                mapping.sum(query.subtype(), resource).ifPresent(sum -> add(structures, resource, sum));
            }
        }
        return some;
    }

    private void add(Collection<String> structures, Resource resource, UsageMapping.Sum sum) {
        boolean told = false;
        for (String structure : structures) {
            double usage = 0;
            String missing = null;
            String there = null;
            for (String metric : sum.metrics()) {
                double mean = means.of(metric, structure);
                if (Double.isNaN(mean)) {
                    missing = metric;
                } else {
                    there = metric;
                    usage += mean;
                }
            }
            usage *= sum.factor();
            if (there == null || missing != null && !isComplete) {
                continue;
            }
            if (missing == null && usage >= 0 && Double.isFinite(usage)) {
                usages.add(structure, resource, usage);
                some = true;
            } else if (!told) {
                told = true;
                usages.problem(new Problem(
                        Shown.named(query.subtype().wireName(), structure),
                        missing == null
                                ? resource + " usage is " + usage + ", from 0 on is allowed; it is left out"
                                : "there are samples of " + there + " but none of " + missing + "; its " + resource
                                        + " usage is left out"));
            }
        }
    }
}
