package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.examples.service.JarProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All services in one process of the runnable jar, and a real container under load: everything that is done to them is done
 * over HTTP, and what comes of it is read from the kernel.
 */
class TopologyIT {
    private static final Pattern SCALER = Pattern.compile("its container-scaler at (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private JarProcess process;
    private OrchestratorClient orchestrator;

    @AfterEach
    void end() {
        if (process != null) {
            process.close();
        }
    }

    @Test
    void a_container_is_subscribed_guarded_scaled_and_let_go() throws Exception {
        try (LoadedContainer container = LoadedContainer.start()) {
            start();
            orchestrator.put(
                    "/service/guardian", "{\"WINDOW_TIMELAPSE\":1,\"WINDOW_DELAY\":\"0\",\"EVENT_TIMEOUT\":10}");
            orchestrator.put("/service/scaler/POLLING_FREQUENCY", "{\"value\":\"1\"}");
            orchestrator.put("/service/structures_snapshoter/POLLING_FREQUENCY", "{\"value\":\"1\"}");
            orchestrator.put("/rule/CpuRescaleUp/amount", "{\"value\":40}");
            orchestrator.put("/rule/CpuRescaleDown/events_required", "{\"event_type\":\"down\",\"value\":\"4\"}");
            orchestrator.put("/structure/host/here", host());
            orchestrator.put("/structure/container/" + container.name(), subscription(container.name()));
            assertThat(container.cpuLimit()).isEqualTo(80);

            container.busy();
            orchestrator.put("/structure/" + container.name() + "/guard");
            await().atMost(PATIENCE).until(() -> container.cpuLimit() >= 120);

            orchestrator.put("/service/scaler/ACTIVE", "{\"value\":\"false\"}");
            await().atMost(PATIENCE).until(() -> out().contains("scaler is not active"));
            container.idle();
            long limit = container.cpuLimit();
            await().atMost(PATIENCE)
                    .until(() -> out().lines()
                                    .skip(out().lines()
                                            .takeWhile(line -> !line.contains("scaler is not active"))
                                            .count())
                                    .filter(line -> line.contains("guardian: "))
                                    .count()
                            > 8);
            assertThat(container.cpuLimit()).isEqualTo(limit);

            orchestrator.put("/service/scaler/ACTIVE", "{\"value\":\"true\"}");
            await().atMost(PATIENCE).until(() -> container.cpuLimit() < 80);
            assertThat(container.cpuLimit()).isGreaterThanOrEqualTo(20);

            orchestrator.put("/structure/" + container.name() + "/unguard");
            await().atMost(PATIENCE).until(() -> current(container.name()) == container.cpuLimit());
            assertThat(orchestrator
                            .get("/structure/here")
                            .at("/resources/cpu/free")
                            .asLong())
                    .isEqualTo(hostShares() - container.cpuLimit());
            orchestrator.delete("/structure/container/" + container.name());
            assertThat(orchestrator
                            .get("/structure/here")
                            .at("/resources/cpu/free")
                            .asLong())
                    .isEqualTo(hostShares());
            orchestrator.delete("/structure/host/here");
            assertThat(orchestrator.get("/structure/")).isEmpty();
        }
        assertThat(process.stop()).as(process.log()).isLessThan(Duration.ofSeconds(2));
    }

    private void start() throws Exception {
        process = new JarProcess("topology", directory, Map.of(), "topology", "--scaler-port", "0");
        process.start();
        orchestrator = new OrchestratorClient(process.url());
    }

    private String out() throws Exception {
        return process.log();
    }

    private int scalerPort() throws Exception {
        Matcher matcher = SCALER.matcher(out());
        assertThat(matcher.find()).as(out()).isTrue();
        return URI.create(matcher.group(1)).getPort();
    }

    private static long hostShares() {
        return 100L * Runtime.getRuntime().availableProcessors();
    }

    private String host() throws Exception {
        return """
                {"name":"here","host":"here","subtype":"host","host_rescaler_ip":"127.0.0.1","host_rescaler_port":%d,
                 "resources":{"cpu":{"max":%d,"free":%d},"mem":{"max":4096,"free":4096}}}""".formatted(scalerPort(), hostShares(), hostShares());
    }

    private String subscription(String name) throws Exception {
        return """
                {"container":{"name":"%s","subtype":"container","host":"here","host_rescaler_ip":"127.0.0.1",
                  "host_rescaler_port":"%d","guard":false,"resources":{
                    "cpu":{"max":160,"current":80,"min":20,"guard":true}}},
                 "limits":{"resources":{"cpu":{"boundary":15}}}}""".formatted(name, scalerPort());
    }

    private long current(String name) throws Exception {
        return orchestrator
                .get("/structure/" + name)
                .at("/resources/cpu/current")
                .asLong();
    }
}
