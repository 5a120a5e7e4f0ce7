package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Thousands of containers in a process that may open 1,024 files: three each would be 15,000. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class FewDescriptorsRealTest {
    private static final int CONTAINERS = 5_000;
    private static final int ALLOWED = 1_024;
    private static final int MINUTES = 3;

    @TempDir
    Path directory;

    private RealCgroups cgroups;
    private List<String> names;

    @BeforeAll
    void makeThem() {
        cgroups = RealCgroups.require();
        names = cgroups.createMany(CONTAINERS);
    }

    @AfterAll
    void removeThem() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    @Test
    void all_are_measured_with_half_of_the_descriptors() throws Exception {
        List<FewDescriptors.Window> windows = measure();
        assertAllMeasured(windows);
        assertThat(windows.get(2).openFiles()).isEqualTo(ALLOWED / 2L);
    }

    @Test
    void all_are_measured_when_the_process_runs_out_of_descriptors() throws Exception {
        List<FewDescriptors.Window> windows = measure("1000000");
        assertAllMeasured(windows);
        assertThat(windows.get(2).openFiles()).isBetween(ALLOWED / 2L, (long) ALLOWED);
    }

    private static void assertAllMeasured(List<FewDescriptors.Window> windows) {
        System.out.println("5,000 containers with " + ALLOWED + " descriptors: " + windows);
        assertThat(windows).hasSize(3).allSatisfy(window -> {
            assertThat(window.memory()).isEqualTo(CONTAINERS);
            assertThat(window.problems()).isZero();
        });
        // That a file was closed in between takes nobody's rate.
        assertThat(windows.get(0).cpu()).isZero();
        assertThat(windows.get(1).cpu()).isEqualTo(CONTAINERS);
        assertThat(windows.get(2).cpu()).isEqualTo(CONTAINERS);
    }

    private List<FewDescriptors.Window> measure(String... arguments) throws IOException, InterruptedException {
        Path input = Files.write(directory.resolve("names"), names);
        Path output = directory.resolve("output");
        var command = new ArrayList<String>(List.of(
                "sh",
                "-c",
                "ulimit -n " + ALLOWED + " && exec \"$0\" \"$@\"",
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FewDescriptors.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("it ended")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).isZero();
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream()
                .map(FewDescriptors.Window::parse)
                .toList();
    }
}
