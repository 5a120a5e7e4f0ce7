package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.remote.RemoteCgroupDriver;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.tck.CgroupDriverTck;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contract of every driver, over HTTP: in front of trees of files and in front of this machine's cgroups. */
class RemoteDriverContractTest {

    @Nested
    class Version1 extends OnTree {
        Version1() {
            super(FixtureTree.Kind.V1);
        }
    }

    /** A file keeps the last write only: what the kernel keeps of io.max is seen on a real one. */
    @Nested
    class Version2 extends OnTree {
        Version2() {
            super(FixtureTree.Kind.V2);
        }

        @Override
        protected Set<Resource> resourcesToTest() {
            return EnumSet.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ);
        }
    }

    @Nested
    class OnThisMachine extends CgroupDriverTck {
        private final RealCgroups cgroups = RealCgroups.require();
        private final KernelCgroupDriver here =
                Cgroups.builder().disk(RealCgroups.requireDisk()).build();
        private final ContainerScalerServer server =
                new ContainerScalerServer(here, Path.of("/"), Listen.loopback(0), ScalerOnTree.UNLIMITED_RATE);

        @AfterEach
        void end() {
            server.close();
            here.close();
            cgroups.close();
        }

        @Override
        protected CgroupDriver createDriver() {
            return RemoteCgroupDriver.builder(server.url().toString()).build();
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
            return Optional.of(new Real(name, memoryMiB, cgroups));
        }
    }

    private record Real(String container, long heldMiB, RealCgroups cgroups) implements CgroupDriverTck.MemoryHolder {
        @Override
        public boolean isAlive() {
            return cgroups.kills(container) == 0 && cgroups.charged(container) >= heldMiB << 20;
        }
    }

    abstract static class OnTree extends CgroupDriverTck {
        private final ScalerOnTree scaler;
        private int count;

        OnTree(FixtureTree.Kind kind) {
            scaler = new ScalerOnTree(FixtureTree.of(kind));
        }

        @AfterEach
        void end() {
            scaler.close();
        }

        @Override
        protected CgroupDriver createDriver() {
            return scaler.remote();
        }

        @Override
        protected String startContainer() {
            String name = "group/cont" + count++;
            scaler.tree().container(name);
            return name;
        }

        @Override
        protected void stopContainer(String name) {
            scaler.tree().remove(name);
        }

        @Override
        protected Optional<MemoryHolder> startHolding(long memoryMiB) {
            String name = startContainer();
            scaler.tree().memory(name, memoryMiB << 20, 0);
            return Optional.of(new Held(name, memoryMiB));
        }
    }

    /** Numbers in files, which nothing kills. */
    private record Held(String container, long heldMiB) implements CgroupDriverTck.MemoryHolder {
        @Override
        public boolean isAlive() {
            return true;
        }
    }
}
