package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.tck.CgroupDriverTck;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The contract of every driver, on this machine's cgroups. */
class RealDriverContractTest extends CgroupDriverTck {
    private final RealCgroups cgroups = RealCgroups.require();

    @AfterEach
    void removeContainers() {
        cgroups.close();
    }

    @Override
    protected CgroupDriver createDriver() {
        return Cgroups.builder().disk(RealCgroups.requireDisk()).build();
    }

    @Override
    protected String startContainer() {
        return cgroups.create();
    }

    @Override
    protected void stopContainer(String name) {
        cgroups.remove(name);
    }

    @Override
    protected Optional<MemoryHolder> startHolding(long memoryMiB) {
        String name = cgroups.create();
        cgroups.holdMemory(name, (int) memoryMiB);
        return Optional.of(new Held(name, memoryMiB, cgroups));
    }

    /** A container that holds memory. */
    record Held(String container, long heldMiB, RealCgroups cgroups) implements MemoryHolder {
        @Override
        public boolean isAlive() {
            return cgroups.kills(container) == 0 && cgroups.charged(container) >= heldMiB << 20;
        }
    }
}
