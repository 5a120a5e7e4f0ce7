package io.serverlesscontainers.examples.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.quickstart.container.PlainCgroupContainers;
import io.serverlesscontainers.examples.quickstart.workload.Demand;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadProcess;
import io.serverlesscontainers.store.document.Resource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedControllerTest {
    @Test
    void scales_a_real_container_and_restores_its_limits() throws Exception {
        RealThings.require(
                PlainCgroupContainers.obstacle().isEmpty(), "writable cgroups, to run the embedded controller on");
        try (var containers = new PlainCgroupContainers()) {
            containers.create("web-1");
            try (var workload = new WorkloadProcess("web-1", containers.run("web-1", Workload.command()))) {
                workload.follow(new Demand(5, 10));
                Utilization cpu =
                        EmbeddedController.scale("web-1", Duration.ofSeconds(8)).get(Resource.CPU);

                assertThat(cpu.used()).isPositive();
                assertThat(cpu.allocated()).as("lowered after eight windows").isLessThan(0.9 * cpu.reserved());
            }
        }
    }

    @Test
    void the_readme_shows_this_very_code() throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        String source = Files.readString(
                Path.of("src/main/java/io/serverlesscontainers/examples/embedded/EmbeddedController.java"));
        String shown = readme.substring(readme.indexOf("```java\n") + 8);
        shown = shown.substring(0, shown.indexOf("```"));

        assertThat(withoutIndents(source)).contains(withoutIndents(shown.replace("\"web-1\"", "container")));
    }

    private static String withoutIndents(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }
}
