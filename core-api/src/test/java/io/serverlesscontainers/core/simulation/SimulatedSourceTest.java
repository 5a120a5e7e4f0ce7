package io.serverlesscontainers.core.simulation;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MetricSource;
import io.serverlesscontainers.core.tck.MetricSourceTck;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;

/** A simulated host keeps a metric source's contract. */
class SimulatedSourceTest extends MetricSourceTck {
    private final VirtualClock clock = VirtualClock.startingAt(Instant.EPOCH);
    private final SimulatedHost host =
            SimulatedHost.builder().clock(clock).cpus(4).build();

    @BeforeEach
    void addContainers() {
        Map<Resource, Demand> demands = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            demands.put(resource, Demand.constant(170).noisy(resource.ordinal(), 0.1));
        }
        host.addContainer("busy", demands);
        host.addContainer("held-back", demands);
        host.apply("held-back", LimitChange.to(Resource.CPU, 50));
    }

    @Override
    protected MetricSource createSource() {
        return host;
    }

    @Override
    protected List<String> structures() {
        return List.of("busy", "held-back");
    }

    @Override
    protected Set<Resource> resources() {
        return EnumSet.allOf(Resource.class);
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void letTimePass(Duration duration) {
        clock.advance(duration);
    }

    @Override
    protected Optional<BusyCpu> busyCpu() {
        return Optional.of(new BusyCpu("held-back", 50, 50));
    }

    @Override
    protected boolean vanish(String structure) {
        host.removeContainer(structure);
        return true;
    }
}
