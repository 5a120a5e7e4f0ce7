package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of this machine to its end: no shell, no environment, no input. */
final class Program {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 16 << 20;
    private static final int MOST_SHOWN = 300;

    private final Process process;
    private final String line;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private Program(List<String> command) {
        this.line = String.join(" ", command);
        var builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        try {
            this.process = builder.start();
        } catch (IOException failure) {
            throw new CgroupException("cannot run '" + line + "': " + failure.getMessage(), failure);
        }
    }

    /**
     * What it prints.
     *
     * @throws CgroupException if it cannot be started, does not end within 5 s, prints more than 16 MiB or ends with
     *     another status than 0; with what it said of it
     */
    static byte[] run(List<String> command) {
        return run(command, LIMIT);
    }

    static byte[] run(List<String> command, Duration limit) {
        var program = new Program(command);
        try {
            return program.toItsEnd(limit);
        } catch (IOException failure) {
            throw new CgroupException("cannot read what '" + program.line + "' prints: " + failure, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CgroupException("interrupted while '" + program.line + "' was running", interrupted);
        } finally {
            program.process.destroyForcibly();
        }
    }

    private byte[] toItsEnd(Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        // It would wait for ever for room in a pipe that nobody empties.
        while (!process.waitFor(2, TimeUnit.MILLISECONDS)) {
            drain(process.getInputStream(), output);
            drain(process.getErrorStream(), errors);
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new CgroupException("'" + line + "' did not end within " + limit.toMillis() + " ms");
            }
        }
        drain(process.getInputStream(), output);
        drain(process.getErrorStream(), errors);
        if (process.exitValue() != 0) {
            throw new CgroupException("'" + line + "' ended with status " + process.exitValue()
                    + (errors.size() > 0 ? ": " + said() : ""));
        }
        return output.toByteArray();
    }

    private void drain(InputStream from, ByteArrayOutputStream to) throws IOException {
        while (from.available() > 0) {
            to.write(from.readNBytes(from.available()));
            if (to.size() > MOST_BYTES) {
                throw new CgroupException("'" + line + "' printed more than " + MOST_BYTES + " bytes");
            }
        }
    }

    private String said() {
        String text = errors.toString(StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
        String shown = text.substring(0, Math.min(text.length(), MOST_SHOWN));
        return shown.replaceAll("\\p{Cntrl}", "?");
    }
}
