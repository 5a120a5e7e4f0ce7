package io.serverlesscontainers.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command of the runnable jar in a process of its own, with little memory. It may die and be started again: its log goes
 * on, and it is reached where it was.
 */
public final class JarProcess implements AutoCloseable {
    /** How long a process may take on a busy machine. */
    public static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final Path JAR = Path.of("target/serverless-containers.jar").toAbsolutePath();
    private static final Pattern URL = Pattern.compile("(?:reached|listens) at (http://[^\\s,]+)");
    private static final int TAIL_LINES = 15;

    private final String name;
    private final List<String> arguments;
    private final Map<String, String> environment;
    private final Path log;
    private int port;
    private long begunAt;
    private Process process;

    /**
     * Not started yet.
     *
     * @param name of the file with its output
     * @param directory where that file is
     * @param arguments the command and its options, but {@code --port}
     */
    public JarProcess(String name, Path directory, Map<String, String> environment, String... arguments) {
        this.name = name;
        this.arguments = List.of(arguments);
        this.environment = Map.copyOf(environment);
        this.log = directory.resolve(name + ".log");
    }

    /** Starts a service: at a free port the first time, and at the same one later. */
    public void start() throws IOException {
        run("--port", Integer.toString(port));
    }

    /** Runs a command that ends by itself; its exit code. */
    public int runToItsEnd() throws IOException, InterruptedException {
        run();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("%s ends: %s", name, log())
                .isTrue();
        return process.exitValue();
    }

    private void run(String... options) throws IOException {
        begunAt = mark();
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-jar",
                JAR.toString()));
        command.addAll(arguments);
        command.addAll(Arrays.asList(options));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Where it is reached; waits until it is. */
    public URI url() throws IOException {
        await(name + " listens")
                .atMost(PATIENCE)
                .until(() -> !process.isAlive() || URL.matcher(since(begunAt)).find());
        Matcher found = URL.matcher(since(begunAt));
        assertThat(found.find()).as("%s listens: %s", name, log()).isTrue();
        URI url = URI.create(found.group(1));
        port = url.getPort();
        return url;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() throws InterruptedException {
        assertThat(process.isAlive()).as("%s lives", name).isTrue();
        process.destroyForcibly().waitFor();
    }

    /** Ends it as an operator does; how long that took. */
    public Duration stop() throws InterruptedException {
        long began = System.nanoTime();
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** All that it ever said. */
    public String log() throws IOException {
        return since(0);
    }

    /** The place in its log where the next line will be. */
    public long mark() throws IOException {
        return Files.exists(log) ? Files.size(log) : 0;
    }

    /** What it said from a {@link #mark} on. */
    public String since(long mark) throws IOException {
        byte[] all = Files.exists(log) ? Files.readAllBytes(log) : new byte[0];
        int from = (int) Math.min(mark, all.length);
        return new String(all, from, all.length - from, StandardCharsets.UTF_8);
    }

    /** The lines from a mark on that say something. */
    public List<String> lines(long mark, String words) throws IOException {
        return since(mark).lines().filter(line -> line.contains(words)).toList();
    }

    /** What it said last, for a failure's message. */
    public String tail() throws IOException {
        List<String> lines = log().lines().toList();
        return "--- " + name + (process != null && process.isAlive() ? "" : " (dead)") + "\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
