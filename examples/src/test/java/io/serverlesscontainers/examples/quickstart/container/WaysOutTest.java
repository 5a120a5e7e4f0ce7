package io.serverlesscontainers.examples.quickstart.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** However a process that made containers ends, they end with it. */
class WaysOutTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name = "cont-w" + ProcessHandle.current().pid();
    private Process holder;

    @AfterEach
    void endTheHolder() throws Exception {
        if (holder != null) {
            holder.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @CsvSource({"cgroup, INT", "cgroup, TERM", "lxc, INT", "lxc, TERM"})
    void aSignalLeavesNothingBehind(String kind, String signal) throws Exception {
        start(kind, false);

        send(signal);

        assertThat(holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cgroups()).isEmpty();
        assertThat(processesInside()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"cgroup", "lxc"})
    void anExceptionLeavesNothingBehind(String kind) throws Exception {
        start(kind, true);

        assertThat(holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(holder.exitValue()).isEqualTo(1);
        assertThat(cgroups()).isEmpty();
        assertThat(processesInside()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"cgroup", "lxc"})
    void theEndOfTheInputLeavesNothingBehind(String kind) throws Exception {
        start(kind, false);

        holder.getOutputStream().close();

        assertThat(holder.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(holder.exitValue()).isZero();
        assertThat(cgroups()).isEmpty();
    }

    @Test
    void afterAKillTheWorkloadEndsAndOnlyEmptyCgroupsRemain() throws Exception {
        start("cgroup", false);

        send("KILL");

        await().atMost(PATIENCE).until(() -> processesInside().isEmpty());
        for (Path left : cgroups()) {
            Files.delete(left); // refused by the kernel if a process were inside
        }
    }

    @Test
    void afterAKillALxcContainerGoesByItself() throws Exception {
        start("lxc", false);

        send("KILL");

        await().atMost(PATIENCE).until(() -> cgroups().isEmpty());
        removeFiles();
    }

    private void start(String kind, boolean failing) throws IOException {
        RealThings.require(
                PlainCgroupContainers.obstacle().isEmpty(),
                PlainCgroupContainers.obstacle().orElse(""));
        if (kind.equals("lxc")) {
            RealThings.require(
                    LxcContainers.obstacle().isEmpty(), LxcContainers.obstacle().orElse(""));
        }
        holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldsContainers.class.getName(),
                        kind,
                        name,
                        Boolean.toString(failing))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(holder.inputReader().readLine()).isEqualTo("running");
    }

    /** After a kill there is nobody left who could: the container's files, and what LXC leaves of its own. */
    private void removeFiles() throws IOException {
        try (Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            for (Path home :
                    temporary.filter(path -> Files.exists(path.resolve(name))).toList()) {
                try (Stream<Path> files = Files.walk(home)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                }
            }
        }
        CgroupMounts.read(CgroupMounts.MOUNT_INFO)
                .all()
                .forEach(hierarchy -> new CgroupDirectory(hierarchy.resolve("lxc.pivot")).removeIfUnused());
    }

    private void send(String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(holder.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private List<Path> cgroups() {
        return CgroupMounts.read(CgroupMounts.MOUNT_INFO).all().stream()
                .flatMap(hierarchy -> Stream.of(name, "lxc.payload." + name, "lxc.monitor." + name)
                        .map(hierarchy::resolve))
                .filter(Files::exists)
                .toList();
    }

    /** Processes that are still inside. */
    private List<String> processesInside() throws IOException {
        List<String> processes = new ArrayList<>();
        for (Path cgroup : cgroups()) {
            processes.addAll(Files.readAllLines(cgroup.resolve("cgroup.procs")));
        }
        return processes;
    }
}
