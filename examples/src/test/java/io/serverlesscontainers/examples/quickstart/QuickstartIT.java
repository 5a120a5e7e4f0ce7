package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.examples.quickstart.container.LxcContainers;
import io.serverlesscontainers.examples.quickstart.container.PlainCgroupContainers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The runnable jar as a user runs it, on this machine's kernel. */
class QuickstartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 3;
    private static final String INTERRUPTED = "The run was interrupted; all that it made is removed.";

    @TempDir
    Path directory;

    private QuickstartRun run;

    @AfterEach
    void end() throws Exception {
        if (run != null) {
            run.end();
        }
    }

    @Test
    void withoutADriverRootGetsRealCgroups() throws Exception {
        needsCgroups();

        assertThatItShowsTheIdea("cgroup", "--duration", "50s", "--json");
    }

    @Test
    void lxcContainersDoTheSame() throws Exception {
        needs("lxc");

        assertThatItShowsTheIdea("lxc", "--driver", "lxc", "--duration", "50s", "--json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "lxc"})
    void controlCLeavesNothingBehind(String driver) throws Exception {
        needs(driver);
        run = QuickstartRun.start(directory, "--driver", driver, "--window", "100ms", "--duration", "60s");
        await().atMost(PATIENCE).until(() -> run.out().contains("serverless"));
        assertThat(QuickstartRun.cgroups()).isNotEmpty();

        run.pressControlC();

        assertThat(run.exitCodeWithin(Duration.ofSeconds(10))).isEqualTo(130);
        assertThat(run.err()).isEqualToIgnoringNewLines(INTERRUPTED);
        assertThat(run.out().lines()).allMatch(line -> line.matches(" +[0-9.]+ s (traditional|serverless).*"));
        run.assertNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cgroup", "lxc"})
    void aKilledWorkloadEndsTheRunWithOneSentence(String driver) throws Exception {
        needs(driver);
        run = QuickstartRun.start(directory, "--driver", driver, "--window", "100ms", "--duration", "60s");
        await().atMost(PATIENCE).until(() -> run.out().contains("serverless"));

        run.workloadOf("cont1").destroyForcibly();

        assertThat(run.exitCodeWithin(Duration.ofSeconds(10))).isEqualTo(1);
        assertThat(run.err())
                .isEqualToIgnoringNewLines(
                        "quickstart: the workload of container 'cont1' has ended with exit code 137");
        run.assertNothingIsLeft();
    }

    @Test
    void aUserWithoutRightsGetsASimulatedHost() throws Exception {
        RealThings.require(RealThings.root(), "only root can become another user");
        Path tree = directory.resolve("clone");
        Files.createDirectories(tree.resolve("examples/target"));
        Files.createDirectories(tree.resolve("examples/src/main"));
        Files.writeString(tree.resolve("pom.xml"), "");
        Files.copy(Path.of("quickstart"), tree.resolve("examples/quickstart"));
        Files.copy(QuickstartRun.JAR, tree.resolve("examples/target/serverless-containers.jar"));
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));

        run = QuickstartRun.command(
                directory,
                "su",
                "nobody",
                "-s",
                "/bin/sh",
                "-c",
                "JAVA_HOME='" + System.getProperty("java.home") + "' JDK_JAVA_OPTIONS='-Djava.io.tmpdir=" + temporary
                        + "' '" + tree.resolve("examples/quickstart") + "' --window 100ms --duration 5s");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().filter(line -> line.contains("simulated, because")))
                .singleElement()
                .asString()
                .matches("The host is simulated, because /\\S+ is not writable for nobody\\.");
        for (String name : new String[] {"cont0", "cont1"}) {
            Path plot = temporary.resolve("quickstart-" + name + ".svg");
            assertThat(run.out()).contains("Plot: " + plot);
            assertThatItIsAPlot(plot);
        }
    }

    @Test
    void thePageShowsTheRunWhileItGoesOn() throws Exception {
        run = QuickstartRun.start(
                directory, "--driver", "simulated", "--window", "100ms", "--duration", "5s", "--port", "0");
        Pattern notice = Pattern.compile("It can be watched at (http://127\\.0\\.0\\.1:\\d+/) while it runs\\.");
        await().atMost(PATIENCE).until(() -> notice.matcher(run.out()).find());
        Matcher address = notice.matcher(run.out());
        assertThat(address.find()).isTrue();
        var client = HttpClient.newHttpClient();
        var state = HttpRequest.newBuilder(URI.create(address.group(1)).resolve("state.json"))
                .build();

        await().atMost(PATIENCE)
                .until(() -> client.send(state, BodyHandlers.ofString()).body().contains("\"cont1\""));

        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aTakenPortIsOneSentence() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            run = QuickstartRun.start(
                    directory, "--driver", "simulated", "--port", Integer.toString(taken.getLocalPort()));

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .isEqualToIgnoringNewLines("quickstart: --port " + taken.getLocalPort()
                            + " cannot be used: Address already in use; 0 takes a free one");
        }
    }

    /** Where other programs take the CPU, a workload uses less of what its limit allows: another run may have more luck. */
    private void assertThatItShowsTheIdea(String driver, String... options) throws Exception {
        JsonNode utilization = null;
        for (int attempt = 0; attempt < ATTEMPTS && !isMuchBetter(utilization); attempt++) {
            run = QuickstartRun.start(directory, options);
            utilization = assertThatAllIsTold(driver);
        }
        assertThat(isMuchBetter(utilization)).as("%s", utilization).isTrue();
    }

    private static boolean isMuchBetter(JsonNode utilization) {
        return utilization != null
                && utilization.get("serverless").asDouble()
                        >= 1.5 * utilization.get("traditional").asDouble();
    }

    private JsonNode assertThatAllIsTold(String driver) throws Exception {
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = run.json();
        assertThat(json.get("driver").asText()).isEqualTo(driver);
        assertThat(json.get("durationSeconds").asDouble()).isBetween(50.0, 55.0);
        assertThat(json.get("containers")).hasSize(2).allSatisfy(QuickstartIT::assertThatItWasScaled);
        assertThat(json.at("/containers/0/name").asText()).isEqualTo("cont0");
        assertThat(json.at("/containers/1/name").asText()).isEqualTo("cont1");
        assertThat(json.at("/utilization/serverless").asDouble()).isBetween(0.0, 1.0);
        assertThat(json.at("/utilization/traditional").asDouble()).isPositive();
        assertThat(json.get("decisions").asInt()).isPositive();
        assertThat(json.get("invariantViolations").asInt()).isZero();
        assertThat(json.at("/reactionMillis/p50").asInt()).isPositive();
        assertThat(json.at("/reactionMillis/p99").asInt())
                .isBetween(
                        json.at("/reactionMillis/p50").asInt(),
                        json.at("/reactionMillis/max").asInt());
        assertThat(json.get("plots")).hasSize(2);
        for (JsonNode plot : json.get("plots")) {
            assertThatItIsAPlot(Path.of(plot.asText()));
        }
        run.assertNothingIsLeft();
        return json.get("utilization");
    }

    private static void assertThatItWasScaled(JsonNode container) {
        assertThat(container.get("scaleUps").asInt()).isPositive();
        assertThat(container.get("scaleDowns").asInt()).isPositive();
        assertThat(container.get("usedCoreSeconds").asDouble()).isPositive();
        assertThat(container.get("allocatedCoreSeconds").asDouble())
                .isBetween(
                        container.get("usedCoreSeconds").asDouble(),
                        container.get("reservedCoreSeconds").asDouble());
        assertThat(container.get("throttledRatio").asDouble(-1)).isBetween(0.0, 1.0);
    }

    private static void assertThatItIsAPlot(Path file) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
    }

    private static void needs(String driver) {
        needsCgroups();
        if (driver.equals("lxc")) {
            RealThings.require(
                    LxcContainers.obstacle().isEmpty(), LxcContainers.obstacle().orElse(""));
        }
    }

    private static void needsCgroups() {
        RealThings.require(
                PlainCgroupContainers.obstacle().isEmpty(),
                PlainCgroupContainers.obstacle().orElse(""));
    }
}
