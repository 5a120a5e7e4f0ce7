package io.serverlesscontainers.examples.quickstart.container;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Other programs of this host. */
final class Programs {
    private Programs() {}

    /** The full path of a program, if it is installed. */
    static Optional<String> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        return Arrays.stream(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException if it fails or takes too long; the sentence ends with what it said
     */
    static void run(int patienceSeconds, String... command) throws IOException {
        // A daemon that the program leaves behind may hold its output open: a file does not wait for that.
        Path said = Files.createTempFile("serverless-containers-", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(
                        "'" + String.join(" ", command) + "' took longer than " + patienceSeconds + " seconds");
            }
            if (process.exitValue() != 0) {
                List<String> lines = Files.readAllLines(said);
                throw new IOException("'" + String.join(" ", command) + "' failed: "
                        + (lines.isEmpty() ? "exit code " + process.exitValue() : lines.get(lines.size() - 1)));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command[0], stop);
        } finally {
            Files.deleteIfExists(said);
        }
    }
}
