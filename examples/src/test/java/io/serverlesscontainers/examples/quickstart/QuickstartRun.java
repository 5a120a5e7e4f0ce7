package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A quickstart as a user starts it: the runnable jar, as a process of its own, in a directory of its own. */
final class QuickstartRun {
    static final Path JAR = Path.of("target/serverless-containers.jar").toAbsolutePath();
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path directory;
    private final Path out;
    private final Path err;
    private final Process process;

    private QuickstartRun(Path directory, List<String> command) throws IOException {
        this.directory = directory;
        out = directory.resolve("stdout");
        err = directory.resolve("stderr");
        Files.createDirectories(directory.resolve("tmp"));
        var builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("JAVA_TOOL_OPTIONS"); // whatever it says, Java would announce it
        process = builder.start();
    }

    /** Starts {@code quickstart} with arguments. */
    static QuickstartRun start(Path directory, String... arguments) throws IOException {
        // A build in the background may ignore SIGINT, and a process inherits that.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", "setsid"));
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("-Djava.io.tmpdir=" + directory.resolve("tmp"));
        command.addAll(List.of("-jar", JAR.toString(), "quickstart"));
        command.addAll(List.of(arguments));
        return new QuickstartRun(directory, command);
    }

    /** Starts another command that comes to the same. */
    static QuickstartRun command(Path directory, String... command) throws IOException {
        return new QuickstartRun(directory, List.of(command));
    }

    /** Waits for the end; the exit code. */
    int exitCode() throws InterruptedException {
        return exitCodeWithin(PATIENCE);
    }

    int exitCodeWithin(Duration time) throws InterruptedException {
        assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                .as("it ends within " + time)
                .isTrue();
        return process.exitValue();
    }

    /** What a person does with Ctrl-C: the signal goes to the run and to all processes of its terminal. */
    void pressControlC() throws Exception {
        var kill = new ProcessBuilder("kill", "-INT", "--", "-" + process.pid());
        assertThat(kill.start().waitFor()).isZero();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** The one line on standard output. */
    JsonNode json() throws IOException {
        assertThat(out().lines()).as("lines on standard output").hasSize(1);
        return new ObjectMapper().readTree(out());
    }

    /** The process that works in a container. */
    ProcessHandle workloadOf(String container) throws IOException {
        List<String> inside = new ArrayList<>();
        for (Path cgroup : cgroups()) {
            if (cgroup.endsWith(container) || cgroup.endsWith("lxc.payload." + container)) {
                inside.addAll(Files.readAllLines(cgroup.resolve("cgroup.procs")));
            }
        }
        return inside.stream()
                .flatMap(id -> ProcessHandle.of(Long.parseLong(id)).stream())
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    /** Fails if a container, a process or a temporary file is still there. */
    void assertNothingIsLeft() throws IOException {
        assertThat(cgroups()).as("cgroups").isEmpty();
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            assertThat(all.filter(each -> each.info().commandLine().orElse("").contains(JAR.toString())))
                    .as("processes")
                    .isEmpty();
        }
        try (Stream<Path> files = Files.list(directory.resolve("tmp"))) {
            assertThat(files).as("temporary files").isEmpty();
        }
    }

    /** All cgroups that a quickstart makes. */
    static List<Path> cgroups() throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> hierarchies = Files.list(CGROUPS)) {
            for (Path hierarchy : Stream.concat(hierarchies, Stream.of(CGROUPS))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> inside = Files.list(hierarchy)) {
                    inside.filter(path ->
                                    path.getFileName().toString().matches("(lxc\\.(payload|monitor)\\.)?cont\\d.*"))
                            .forEach(found::add);
                }
            }
        }
        return found;
    }

    /** Ends it if it still runs, in order, so that it removes what it made. */
    void end() throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
