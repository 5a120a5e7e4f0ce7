package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
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
    private static final Path JAR = Path.of("target/serverless-containers.jar").toAbsolutePath();
    private static final Pattern ORCHESTRATOR = Pattern.compile("its orchestrator is reached at (\\S+),");
    private static final Pattern SCALER = Pattern.compile("its container-scaler at (\\S+)");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void a_container_is_subscribed_guarded_scaled_and_let_go() throws Exception {
        try (LoadedContainer container = LoadedContainer.start()) {
            start();
            put("/service/guardian", "{\"WINDOW_TIMELAPSE\":1,\"WINDOW_DELAY\":\"0\",\"EVENT_TIMEOUT\":10}");
            put("/service/scaler/POLLING_FREQUENCY", "{\"value\":\"1\"}");
            put("/service/structures_snapshoter/POLLING_FREQUENCY", "{\"value\":\"1\"}");
            put("/rule/CpuRescaleUp/amount", "{\"value\":40}");
            put("/rule/CpuRescaleDown/events_required", "{\"event_type\":\"down\",\"value\":\"4\"}");
            put("/structure/host/here", host());
            put("/structure/container/" + container.name(), subscription(container.name()));
            assertThat(container.cpuLimit()).isEqualTo(80);

            container.busy();
            put("/structure/" + container.name() + "/guard", "");
            await().atMost(PATIENCE).until(() -> container.cpuLimit() >= 120);

            put("/service/scaler/ACTIVE", "{\"value\":\"false\"}");
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

            put("/service/scaler/ACTIVE", "{\"value\":\"true\"}");
            await().atMost(PATIENCE).until(() -> container.cpuLimit() < 80);
            assertThat(container.cpuLimit()).isGreaterThanOrEqualTo(20);

            put("/structure/" + container.name() + "/unguard", "");
            await().atMost(PATIENCE).until(() -> current(container.name()) == container.cpuLimit());
            assertThat(get("/structure/here").at("/resources/cpu/free").asLong())
                    .isEqualTo(hostShares() - container.cpuLimit());
            ask("DELETE", "/structure/container/" + container.name(), "");
            assertThat(get("/structure/here").at("/resources/cpu/free").asLong())
                    .isEqualTo(hostShares());
            ask("DELETE", "/structure/host/here", "");
            assertThat(get("/structure/")).isEmpty();
        }
        long began = System.nanoTime();
        process.destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(out()).isLessThan(Duration.ofSeconds(2));
    }

    private void start() throws Exception {
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx256m",
                        "-jar",
                        JAR.toString(),
                        "topology",
                        "--port",
                        "0",
                        "--scaler-port",
                        "0"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
        await().atMost(PATIENCE).until(() -> SCALER.matcher(out()).find());
    }

    private String out() throws Exception {
        return Files.readString(directory.resolve("out"));
    }

    private URI url(Pattern where) throws Exception {
        Matcher matcher = where.matcher(out());
        assertThat(matcher.find()).as(out()).isTrue();
        return URI.create(matcher.group(1));
    }

    private static long hostShares() {
        return 100L * Runtime.getRuntime().availableProcessors();
    }

    private String host() throws Exception {
        return """
                {"name":"here","host":"here","subtype":"host","host_rescaler_ip":"127.0.0.1","host_rescaler_port":%d,
                 "resources":{"cpu":{"max":%d,"free":%d},"mem":{"max":4096,"free":4096}}}""".formatted(url(SCALER).getPort(), hostShares(), hostShares());
    }

    private String subscription(String name) throws Exception {
        return """
                {"container":{"name":"%s","subtype":"container","host":"here","host_rescaler_ip":"127.0.0.1",
                  "host_rescaler_port":"%d","guard":false,"resources":{
                    "cpu":{"max":160,"current":80,"min":20,"guard":true}}},
                 "limits":{"resources":{"cpu":{"boundary":15}}}}""".formatted(name, url(SCALER).getPort());
    }

    private long current(String name) throws Exception {
        return get("/structure/" + name).at("/resources/cpu/current").asLong();
    }

    private void put(String path, String body) throws Exception {
        assertThat(ask("PUT", path, body)).as(path + " " + body).isEqualTo("201\n");
    }

    private JsonNode get(String path) throws Exception {
        return new ObjectMapper().readTree(ask("GET", path, ""));
    }

    private String ask(String method, String path, String body) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(url(ORCHESTRATOR).resolve(path))
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }
}
