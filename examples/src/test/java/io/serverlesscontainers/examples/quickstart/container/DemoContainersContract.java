package io.serverlesscontainers.examples.quickstart.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.examples.quickstart.workload.Demand;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every kind of container must do, on the real kernel. */
abstract class DemoContainersContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Of this JVM only: others may test on the same machine. */
    final String name = "cont-t" + ProcessHandle.current().pid();

    private DemoContainers containers;

    abstract void requireWhatItNeeds();

    abstract DemoContainers make();

    /** The name of a container's cgroup. */
    abstract String cgroup(String container);

    @BeforeEach
    void prepare() {
        requireWhatItNeeds();
        containers = make();
    }

    @AfterEach
    void leaveNothingBehind() throws Exception {
        if (containers != null) {
            containers.close();
        }
        assertThat(cgroupsNamed(name)).isEmpty();
    }

    @Test
    void aProcessIsInsideBeforeItBegins() throws Exception {
        containers.create(name);

        Process process = containers.run(name, List.of("/bin/sh", "-c", "echo inside; read -r until_the_end"));
        assertThat(process.inputReader().readLine()).isEqualTo("inside");

        for (String controller : List.of("cpu", "cpuacct", "cpuset", "memory")) {
            assertThat(commandsIn(controller)).as(controller).anyMatch(command -> command.contains("until_the_end"));
        }
        process.getOutputStream().close();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theWorkloadRunsInsideAndFollows() throws Exception {
        containers.create(name);
        Process process = containers.run(name, Workload.command());
        var workload = new WorkloadProcess(name, process);

        workload.follow(new Demand(30, 50));

        await().atMost(PATIENCE).until(() -> memoryMiB() >= 50 + 10);
        workload.follow(new Demand(0, 0));
        await().atMost(PATIENCE).until(() -> memoryMiB() < 50);
        workload.close();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void closingKillsWhatRunsInsideAndMayBeRepeated() throws Exception {
        containers.create(name);
        Process process = containers.run(name, Workload.command());
        new WorkloadProcess(name, process).follow(new Demand(50, 20));

        containers.close();
        containers.close();

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cgroupsNamed(name)).isEmpty();
    }

    @Test
    void nothingCanBeMadeOrRunAfterClosing() throws Exception {
        containers.close();

        assertThatThrownBy(() -> containers.create(name)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> containers.run(name, List.of("/bin/true"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatExistsAlreadyIsRefusedAndLeftAlone() throws Exception {
        Path foreign = CgroupMounts.read(CgroupMounts.MOUNT_INFO)
                .versionOne()
                .get("memory")
                .resolve(cgroup(name));
        Files.createDirectory(foreign);
        try {
            assertThatThrownBy(() -> containers.create(name))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(foreign + " exists already and is left alone");
            containers.close();

            assertThat(foreign).exists();
            assertThat(cgroupsNamed(name)).containsExactly(foreign);
        } finally {
            Files.delete(foreign);
        }
    }

    @Test
    void aContainerThatWasNotMadeRunsNothing() {
        assertThatThrownBy(() -> containers.run("unknown", List.of("/bin/true")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("there is no container 'unknown'");
    }

    @Test
    void aNameThatCouldLeadElsewhereIsRefused() {
        for (String bad : List.of("", "..", "../x", "a/b", "Cont0", "cont 0", "c".repeat(33))) {
            assertThatThrownBy(() -> containers.create(bad))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + bad + "' is no container name");
        }
    }

    private List<String> commandsIn(String controller) throws IOException {
        Path hierarchy = CgroupMounts.read(CgroupMounts.MOUNT_INFO).versionOne().get(controller);
        return Files.readAllLines(hierarchy.resolve(cgroup(name)).resolve("cgroup.procs")).stream()
                .map(process -> Path.of("/proc", process, "cmdline"))
                .map(DemoContainersContract::textOrNothing)
                .toList();
    }

    private static String textOrNothing(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException ended) {
            return "";
        }
    }

    private long memoryMiB() throws IOException {
        Path memory = CgroupMounts.read(CgroupMounts.MOUNT_INFO).versionOne().get("memory");
        return Files.readAllLines(memory.resolve(cgroup(name)).resolve("memory.stat")).stream()
                .filter(line -> line.startsWith("rss "))
                .mapToLong(line -> Long.parseLong(line.substring(4)) >> 20)
                .findFirst()
                .orElse(0);
    }

    private static List<Path> cgroupsNamed(String part) throws IOException {
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            return hierarchies
                    .filter(Files::isDirectory)
                    .flatMap(DemoContainersContract::children)
                    .filter(child -> child.getFileName().toString().contains(part))
                    .toList();
        }
    }

    private static Stream<Path> children(Path directory) {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList().stream();
        } catch (IOException unreadable) {
            return Stream.empty();
        }
    }
}
