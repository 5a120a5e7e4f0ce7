package io.serverlesscontainers.examples.quickstart.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadProcessTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Process process;
    private WorkloadProcess workload;

    @BeforeEach
    void start() throws IOException {
        RealThings.require(Files.isReadable(Path.of("/proc/self/status")), "there is no /proc to measure processes by");
        process = new ProcessBuilder(Workload.command())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        workload = new WorkloadProcess("test", process);
    }

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void holdsMemoryThatIsResidentAndGivesItBack() throws IOException {
        workload.follow(new Demand(0, 100));
        await().atMost(PATIENCE).until(() -> residentMiB() >= 100);

        workload.follow(new Demand(0, 20));

        await().atMost(PATIENCE).until(() -> residentMiB() < 75);
        assertThat(residentMiB()).isGreaterThan(20);
    }

    @Test
    void burnsCpuAboutAsTold() throws IOException {
        workload.follow(new Demand(40, 0));
        await().atMost(PATIENCE).until(() -> cpuSeconds() > 0.5);
        double cpuBefore = cpuSeconds();
        long begin = System.nanoTime();

        await().pollDelay(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> true);

        double shares = 100 * (cpuSeconds() - cpuBefore) / ((System.nanoTime() - begin) / 1e9);
        // On a busy machine nobody is owed all of it; but it never takes much more.
        assertThat(shares).isBetween(10.0, 50.0);
    }

    @Test
    void endsWithItsInput() throws Exception {
        workload.follow(new Demand(100, 10));

        workload.close();

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void saysSoWhenItHasEndedEvenIfThereIsNothingNewToDo() throws Exception {
        workload.follow(new Demand(1, 1));
        process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThatThrownBy(() -> workload.follow(new Demand(1, 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the workload of container 'test' has ended with exit code 137");
    }

    /** What is really this process's own: RssAnon of proc(5). */
    private long residentMiB() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }

    private double cpuSeconds() {
        return process.info()
                .totalCpuDuration()
                .map(used -> used.toNanos() / 1e9)
                .orElse(0.0);
    }
}
