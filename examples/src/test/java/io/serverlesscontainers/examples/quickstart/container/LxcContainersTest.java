package io.serverlesscontainers.examples.quickstart.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LxcContainersTest extends DemoContainersContract {
    @Override
    void requireWhatItNeeds() {
        RealThings.require(
                LxcContainers.obstacle().isEmpty(), LxcContainers.obstacle().orElse(""));
    }

    @Override
    DemoContainers make() {
        return new LxcContainers(Workload.files());
    }

    @Override
    String cgroup(String container) {
        return "lxc.payload." + container;
    }

    @Test
    void theFilesOfAContainerGoWithIt() throws Exception {
        try (DemoContainers containers = make()) {
            containers.create(name);
            assertThat(homes()).isEqualTo(1);
        }

        assertThat(homes()).isZero();
    }

    @Test
    void aContainerEndsByItselfWhenNobodyHoldsItsPipe() throws Exception {
        LxcContainers containers = new LxcContainers(Workload.files());
        containers.create(name);
        try {
            containers.letGo(name);

            await().atMost(Duration.ofSeconds(30)).until(() -> payloads() == 0);
        } finally {
            containers.close();
        }
    }

    private long payloads() {
        return CgroupMounts.read(CgroupMounts.MOUNT_INFO).all().stream()
                .filter(hierarchy -> Files.exists(hierarchy.resolve(cgroup(name))))
                .count();
    }

    private long homes() throws IOException {
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return temporary
                    .filter(path -> path.getFileName().toString().startsWith("serverless-containers-"))
                    .filter(path -> Files.exists(path.resolve(name)))
                    .count();
        }
    }
}
