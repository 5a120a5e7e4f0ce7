package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.tck.CgroupDriverTck;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contract of every driver, on trees of ordinary files of each kind. */
class FixtureDriverContractTest {

    @Nested
    class Version1 extends OnFixture {
        Version1() {
            super(FixtureTree.Kind.V1);
        }
    }

    /** A file keeps the last write only: what the kernel keeps of io.max is seen on a real one. */
    @Nested
    class Version2 extends OnFixture {
        Version2() {
            super(FixtureTree.Kind.V2);
        }

        @Override
        protected Set<Resource> resourcesToTest() {
            return EnumSet.of(Resource.CPU, Resource.MEMORY, Resource.DISK_READ);
        }
    }

    @Nested
    class Version2Writing extends OnFixture {
        Version2Writing() {
            super(FixtureTree.Kind.V2);
        }

        @Override
        protected Set<Resource> resourcesToTest() {
            return EnumSet.of(Resource.CPU, Resource.MEMORY, Resource.DISK_WRITE);
        }
    }

    @Nested
    class Hybrid extends OnFixture {
        Hybrid() {
            super(FixtureTree.Kind.HYBRID);
        }
    }

    @Nested
    class WithEnergyLimits extends OnFixture {
        WithEnergyLimits() {
            super(FixtureTree.Kind.V2);
        }

        @Override
        protected CgroupDriver createDriver() {
            return tree.settings()
                    .energyLimits(tree.root().resolve("var/energy"))
                    .build();
        }
    }

    abstract static class OnFixture extends CgroupDriverTck {
        final FixtureTree tree;
        private int count;

        OnFixture(FixtureTree.Kind kind) {
            tree = FixtureTree.of(kind);
        }

        @AfterEach
        void removeTree() {
            tree.close();
        }

        @Override
        protected CgroupDriver createDriver() {
            return tree.settings().disk(Path.of("/")).build();
        }

        @Override
        protected String startContainer() {
            String name = "cont" + count++;
            tree.container(name);
            return name;
        }

        @Override
        protected void stopContainer(String name) {
            tree.remove(name);
        }

        @Override
        protected Optional<MemoryHolder> startHolding(long memoryMiB) {
            String name = startContainer();
            tree.memory(name, memoryMiB << 20, 0);
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
