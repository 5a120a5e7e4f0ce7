package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.examples.service.HostOptions;
import io.serverlesscontainers.examples.service.http.Listen;
import io.serverlesscontainers.examples.service.http.TestKeystore;
import io.serverlesscontainers.examples.services.RemoteHosts;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.memory.InMemoryStateStore;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Hosts whose Container Scalers answer over HTTPS only. */
class HostTlsTest {
    @TempDir
    private Path directory;

    private TestKeystore key;
    private ScalerOnTree scaler;

    @BeforeEach
    void startAContainerScaler() throws Exception {
        key = TestKeystore.in(directory, "scaler");
        var listen =
                new Listen(InetAddress.getLoopbackAddress(), 0, Optional.empty(), false, Optional.of(key.keystore()));
        scaler = ScalerOnTree.withFourCpus(FixtureTree.Kind.V1, listen, ScalerOnTree.UNLIMITED_RATE);
    }

    @AfterEach
    void endIt() {
        scaler.close();
    }

    /** As who starts a service says it. */
    private static HostAccess believing(TestKeystore who) {
        return CommandLine.populateCommand(
                        new HostOptions(),
                        "--host-certificates",
                        who.certificate().toString())
                .access();
    }

    @Test
    void a_host_that_is_vouched_for_can_be_added_with_its_containers() throws Exception {
        try (var orchestrator = orchestrator(believing(key))) {
            assertThat(HostTokenTest.ask(orchestrator, HostTokenTest.HOST)).isEqualTo("200 201");
            assertThat(HostTokenTest.ask(orchestrator, HostTokenTest.CONTAINER)).isEqualTo("200 201");
        }
    }

    @Test
    void limits_are_told_and_moved() {
        try (var store = new InMemoryStateStore();
                var hosts = new RemoteHosts(store, believing(key))) {
            var driver = hosts.of(Structure.of("cont0", Structure.Subtype.CONTAINER)
                    .withHost(
                            "host0", "127.0.0.1", Integer.toString(scaler.url().getPort())));
            assertThat(driver.apply("cont0", LimitChange.to(Resource.CPU, 50)).reached())
                    .hasValue(50);
            assertThat(driver.limits("cont0").limit(Resource.CPU)).hasValue(50);
        }
    }

    @Test
    void one_that_somebody_else_vouches_for_is_refused() throws Exception {
        try (var orchestrator = orchestrator(believing(TestKeystore.in(directory, "other")))) {
            var state = orchestrator.state();
            assertThat(HostTokenTest.ask(orchestrator, HostTokenTest.HOST))
                    .matches("400 .\"message\":\"the host's Container Scaler at 127.0.0.1:[0-9]+ "
                            + "cannot be asked over HTTPS: .+\".");
            assertThat(orchestrator.state()).isEqualTo(state);
        }
    }

    @Test
    void it_does_not_answer_who_asks_without() throws Exception {
        try (var orchestrator = orchestrator(HostAccess.plain())) {
            assertThat(HostTokenTest.ask(orchestrator, HostTokenTest.HOST))
                    .startsWith("400 ")
                    .contains("does not answer");
        }
    }

    private OrchestratorOnTree orchestrator(HostAccess access) {
        return new OrchestratorOnTree(Listen.loopback(0), ScalerOnTree.UNLIMITED_RATE, scaler, access);
    }
}
