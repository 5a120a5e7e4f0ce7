package io.serverlesscontainers.examples.containerscaler;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.tck.RealThings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as an operator starts it: the runnable jar, as a process of its own. */
class ContainerScalerIT {
    private static final Path JAR = Path.of("target/serverless-containers.jar").toAbsolutePath();
    private static final Pattern URL = Pattern.compile("listens at (\\S+)");

    @TempDir
    private Path directory;

    private Process start(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-jar",
                JAR.toString(),
                "container-scaler"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile())
                .start();
    }

    private String out() throws Exception {
        return Files.readString(directory.resolve("out"));
    }

    @Test
    void it_starts_answers_and_ends_within_two_seconds() throws Exception {
        RealThings.require(RealThings.writableCgroups(), "writable cgroups are needed");
        Process process = start("--port", "0");
        try {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> URL.matcher(out()).find());
            Matcher url = URL.matcher(out());
            assertThat(url.find()).isTrue();
            var answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url.group(1)).resolve("/heartbeat"))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("{\"status\":\"alive\"}\n");
            long began = System.nanoTime();
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(2));
            assertThat(out()).contains("ended");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void wrong_usage_is_one_sentence_and_two() throws Exception {
        Process process = start("--host", "0.0.0.0");
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(out()).startsWith("container-scaler: --host 0.0.0.0 lets other machines in");
    }
}
