package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.tck.CgroupDriverTck;
import io.serverlesscontainers.store.document.Resource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** The contract of every driver, for the network of containers on this machine. */
@Tag("long")
class NetworkContractRealTest extends CgroupDriverTck {
    private final RealCgroups cgroups = RealCgroups.require();
    private final RealNetwork network = RealNetwork.require(cgroups);

    @AfterEach
    void removeContainers() {
        network.close();
        cgroups.close();
    }

    @Override
    protected CgroupDriver createDriver() {
        return Cgroups.builder().network(true).build();
    }

    @Override
    protected Set<Resource> resourcesToTest() {
        return Set.of(Resource.CPU, Resource.MEMORY, Resource.NET);
    }

    @Override
    protected String startContainer() {
        return network.start();
    }

    @Override
    protected void stopContainer(String name) {
        network.stop(name);
    }

    @Override
    protected Optional<MemoryHolder> startHolding(long memoryMiB) {
        String name = cgroups.create();
        cgroups.holdMemory(name, (int) memoryMiB);
        return Optional.of(new RealDriverContractTest.Held(name, memoryMiB, cgroups));
    }
}
