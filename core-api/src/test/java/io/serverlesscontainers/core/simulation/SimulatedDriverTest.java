package io.serverlesscontainers.core.simulation;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.tck.CgroupDriverTck;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;

/** A simulated host that cannot limit energy keeps a driver's contract. */
class SimulatedDriverTest extends CgroupDriverTck {
    private final SimulatedHost host = SimulatedHost.builder()
            .clock(VirtualClock.startingAt(Instant.EPOCH))
            .cpus(4)
            .memoryMiB(8192)
            .resources(EnumSet.complementOf(EnumSet.of(Resource.ENERGY)))
            .build();

    @Override
    protected CgroupDriver createDriver() {
        return host;
    }

    @Override
    protected String startContainer() {
        return start(10);
    }

    private String start(double memoryMiB) {
        String name = "web-" + host.containers().size();
        host.addContainer(name, Map.of(Resource.CPU, Demand.constant(80), Resource.MEMORY, Demand.constant(memoryMiB)));
        return name;
    }

    @Override
    protected void stopContainer(String name) {
        host.removeContainer(name);
    }

    @Override
    protected Optional<MemoryHolder> startHolding(long memoryMiB) {
        String name = start(memoryMiB);
        return Optional.of(new MemoryHolder() {
            @Override
            public String container() {
                return name;
            }

            @Override
            public long heldMiB() {
                return memoryMiB;
            }

            @Override
            public boolean isAlive() {
                return host.containers().contains(name);
            }
        });
    }
}
