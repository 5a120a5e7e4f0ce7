package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.tck.MetricSourceTck;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** The contract of every source, on this machine's cgroups and clock. */
class RealSourceContractTest extends MetricSourceTck {
    private static final long QUOTA = 40;

    private final RealCgroups cgroups = RealCgroups.require();
    private final KernelCgroupDriver driver = Cgroups.detect();
    private final List<String> structures = new ArrayList<>();

    @AfterEach
    void removeContainers() {
        driver.close();
        cgroups.close();
    }

    @Override
    protected MetricSource createSource() {
        return new CgroupMetricSource(driver);
    }

    @Override
    protected List<String> structures() {
        while (structures.size() < 3) {
            structures.add(cgroups.create());
        }
        return structures;
    }

    @Override
    protected Set<Resource> resources() {
        return EnumSet.of(Resource.CPU, Resource.MEMORY);
    }

    @Override
    protected Instant now() {
        return Instant.now();
    }

    @Override
    protected void letTimePass(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() >= end);
    }

    @Override
    protected Duration window() {
        return Duration.ofMillis(500);
    }

    @Override
    protected Optional<BusyCpu> busyCpu() {
        String busy = structures().get(0);
        driver.apply(busy, LimitChange.to(Resource.CPU, QUOTA));
        cgroups.burnCpu(busy);
        // Nobody is owed the whole quota on a busy machine; a period more than the window may fall into it.
        return Optional.of(new BusyCpu(busy, 1, QUOTA * 1.4));
    }

    @Override
    protected boolean vanish(String structure) {
        cgroups.remove(structure);
        return true;
    }
}
