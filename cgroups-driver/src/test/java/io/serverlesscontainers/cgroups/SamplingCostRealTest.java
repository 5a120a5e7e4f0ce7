package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A window leaves nothing behind on the heap but its result. */
class SamplingCostRealTest {
    private static final int CONTAINERS = 20;
    private static final int CALLS = 500;
    // In the result: an entry of a map and its table, and a usage of each resource.
    private static final long BYTES_OF_RESULT = 200;

    @Test
    void measuring_allocates_no_more_than_the_result() {
        try (RealCgroups cgroups = RealCgroups.require();
                var driver = Cgroups.builder().disk(RealCgroups.requireDisk()).build();
                var source = new CgroupMetricSource(driver)) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < CONTAINERS; i++) {
                names.add(cgroups.create());
            }
            var query = new UsageQuery(
                    Structure.Subtype.CONTAINER,
                    names,
                    Set.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ, Resource.DISK_WRITE),
                    Instant.EPOCH,
                    Instant.EPOCH);
            measure(source, query);
            long before = allocated();
            measure(source, query);
            long perContainer = (allocated() - before) / CALLS / CONTAINERS;
            assertThat(perContainer).isLessThan(BYTES_OF_RESULT);
        }
    }

    private static void measure(CgroupMetricSource source, UsageQuery query) {
        for (int i = 0; i < CALLS; i++) {
            if (source.usage(query).structures() != CONTAINERS) {
                throw new AssertionError("a container was not measured");
            }
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
