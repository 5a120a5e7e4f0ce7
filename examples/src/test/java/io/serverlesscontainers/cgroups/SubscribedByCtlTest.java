package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.Ran;
import io.serverlesscontainers.examples.orchestrator.OrchestratorServer;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts and containers that an operator subscribes with {@code ctl}, down to the files of the host. */
class SubscribedByCtlTest {
    private final InMemoryStateStore store = new InMemoryStateStore();
    private final RemoteHosts hosts = new RemoteHosts(store, HostAccess.plain());
    private ScalerOnTree scaler;
    private OrchestratorServer orchestrator;

    @TempDir
    private Path directory;

    @BeforeEach
    void begin() {
        scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V1);
        orchestrator = new OrchestratorServer(store, hosts, Listen.loopback(0), 1_000_000);
        ctl("host", "subscribe", "host0", "--cpu-max", "400", "--memory-max", "8192", "--container-scaler", address());
    }

    @AfterEach
    void end() {
        orchestrator.close();
        scaler.close();
        hosts.close();
        store.close();
    }

    private String address() {
        return scaler.url().getHost() + ":" + scaler.url().getPort();
    }

    private String ctl(String... words) {
        Ran ran = attempt(words);
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        return ran.out();
    }

    private Ran attempt(String... words) {
        String[] asked = {"ctl", "--orchestrator", orchestrator.url().toString()};
        return Ran.of(Stream.concat(Arrays.stream(asked), Arrays.stream(words)).toArray(String[]::new));
    }

    @Test
    void a_container_that_is_described_by_options() {
        assertThat(ctl(
                        "container",
                        "subscribe",
                        "cont0",
                        "--host",
                        "host0",
                        "--guard",
                        "--cpu-max",
                        "200",
                        "--cpu-min",
                        "20",
                        "--cpu-current",
                        "150",
                        "--cpu-boundary",
                        "10",
                        "--memory-max",
                        "4096",
                        "--memory-min",
                        "256",
                        "--memory-current",
                        "1024",
                        "--memory-boundary",
                        "5",
                        "--boundary-type",
                        "percentage_of_max"))
                .isEqualToNormalizingNewlines("cont0 is subscribed\n");

        assertThat(ctl("structure", "list")).isEqualToNormalizingNewlines("""
                name   subtype    host   guard  resource  guard  min  current   max  free
                cont0  container  host0  true   cpu       true    20      150   200     -
                cont0  container  host0  true   mem       true   256     1024  4096     -
                host0  host       host0  -      cpu       -        -        -   400   250
                host0  host       host0  -      mem       -        -        -  8192  7168
                """);
        assertThat(ctl("container", "show", "cont0"))
                .contains("boundary  boundary_type", "10  percentage_of_max", "5  percentage_of_max");
        assertThat(scaler.tree().root().resolve("sys/fs/cgroup/cpu/lxc.payload.cont0/cpu.cfs_quota_us"))
                .content()
                .isEqualToIgnoringWhitespace("150000");

        assertThat(ctl("container", "desubscribe", "cont0"))
                .isEqualToNormalizingNewlines("cont0 is no longer subscribed\n");
        assertThat(ctl("host", "list")).contains("400   400");
    }

    @Test
    void a_container_that_is_described_in_a_file() throws Exception {
        Path file = Files.writeString(
                directory.resolve("cont1.yaml"), """
                container:
                  name: cont1
                  subtype: container
                  host: host0
                  host_rescaler_ip: 127.0.0.1
                  host_rescaler_port: %d
                  resources:
                    cpu: {max: 100, current: 100, min: 10, guard: true}
                limits:
                  resources:
                    cpu: {boundary: 10}
                """.formatted(scaler.url().getPort()));
        assertThat(ctl("container", "subscribe", "--file", file.toString()))
                .isEqualToNormalizingNewlines("cont1 is subscribed\n");
        assertThat(store.find(DocumentKind.STRUCTURES, "cont1")).isPresent();
    }

    @Test
    void what_the_orchestrator_refuses_is_told_in_its_words() {
        Ran unknown = attempt("container", "subscribe", "cont7", "--host", "host0", "--cpu-max", "100");
        assertThat(unknown.exitCode()).isOne();
        assertThat(unknown.err())
                .startsWith("subscribe: there is no container 'cont7'")
                .hasLineCount(1);
        assertThat(attempt("container", "subscribe", "cont0", "--host", "host7", "--cpu-max", "100")
                        .err())
                .isEqualToIgnoringNewLines("subscribe: there is no structure 'host7'");
        assertThat(attempt("container", "subscribe", "cont0", "--host", "host0", "--cpu-min", "100")
                        .err())
                .isEqualToIgnoringNewLines("subscribe: container 'cont0': cpu has no max");
        assertThat(store.find(DocumentKind.STRUCTURES, "cont0")).isEmpty();
    }
}
